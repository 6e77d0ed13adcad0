import { describe, expect, it } from 'vitest';
import { Batcher } from '../../lib/persistence/batcher.js';

describe('Calls that share statements', () => {
  it('wait for the running batch, but not for one that is stuck', async () => {
    const batches: string[][] = [];
    let unlock = (): void => undefined;
    const locked = new Promise<void>((resolve) => (unlock = resolve));
    const run = async (items: readonly string[]): Promise<string[]> => {
      batches.push([...items]);
      if (items.includes('locked')) await locked;
      return [...items];
    };
    const batcher = new Batcher(run, { items: 10, parallel: 2, besideFrom: 3 });
    const stuck = batcher.add('locked');
    await Promise.resolve();
    const few = batcher.add('one');
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).toEqual([['locked']]);

    expect(await few).toBe('one');
    expect(batches).toEqual([['locked'], ['one']]);
    unlock();
    expect(await stuck).toBe('locked');
  });

  it('are split into as many batches as may run at once, so that no call waits for all others', async () => {
    const batches: number[][] = [];
    const run = async (items: readonly number[]): Promise<number[]> => {
      batches.push([...items]);
      await new Promise((resolve) => setImmediate(resolve));
      return [...items];
    };
    const batcher = new Batcher(run, { items: 10, parallel: 2, besideFrom: 3 });
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item)));
    await Promise.all([1, 2].map((item) => batcher.add(item)));
    expect(batches).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7],
      [1, 2],
    ]);
  });

  it('pause for a multiple of the last batch’s duration, unless a full batch waits', async () => {
    const times: number[] = [];
    const run = async (items: readonly number[]): Promise<number[]> => {
      times.push(performance.now());
      while (performance.now() < times.at(-1)! + 4);
      times.push(performance.now());
      return [...items];
    };
    const batcher = new Batcher(run, { items: 3, parallel: 1, rest: 5 });
    await batcher.add(1);
    await batcher.add(2);
    const [began = 0, ended = 0, next = 0, nextEnded = 0] = times;
    // 50 ms at most: a batch can take long on a busy machine.
    expect(next - ended).toBeGreaterThanOrEqual(Math.min(5 * (ended - began), 50) - 1);
    await Promise.all([1, 2, 3].map((item) => batcher.add(item)));
    expect(times[4]! - nextEnded).toBeLessThan(5 * (nextEnded - next));
  });

  it('end the pause in time, whatever arrived during the last batch', async () => {
    const waits: number[] = [];
    for (let n = 0; n < 5; n += 1) waits.push(await waitForSecond());
    // Not only when the first would have counted as stuck. A busy machine makes some of them late.
    expect(Math.min(...waits)).toBeLessThan(30);
  });
});

async function waitForSecond(): Promise<number> {
  const run = async (items: readonly number[]): Promise<number[]> => {
    await new Promise((resolve) => setTimeout(resolve, 3));
    return [...items];
  };
  const batcher = new Batcher(run, { items: 200, parallel: 2, besideFrom: 100, rest: 2 });
  const first = batcher.add(1);
  await new Promise((resolve) => setTimeout(resolve, 1));
  const second = batcher.add(2);
  await first;
  const since = performance.now();
  await second;
  return performance.now() - since;
}
