import { clockMs } from '../harness/clock.js';

/** `times` calls from `callers` callers, each of which makes its next one when the last has returned. */
export interface ClosedLoad {
  readonly operation: string;
  readonly times: number;
  readonly callers: number;
}

/** Calls at a fixed rate, whatever becomes of the ones before. */
export interface OpenLoad {
  readonly perSecond: number;
  readonly seconds: number;
}

const TICK_MS = 1;

/** Gives the milliseconds that it took. */
export async function closedLoop(
  run: (n: number) => Promise<unknown>,
  { times, callers }: Omit<ClosedLoad, 'operation'>,
  first = 0,
): Promise<number> {
  const start = clockMs();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < times) await run(first + next++);
  };
  await Promise.all(Array.from({ length: Math.min(callers, times) }, caller));
  return clockMs() - start;
}

/** Gives the id of each event and when it was due to be emitted: a subject that is late must not look quick. */
export async function openLoop(
  emit: (n: number) => Promise<string>,
  { perSecond, seconds }: OpenLoad,
): Promise<[id: string, dueAt: number][]> {
  const total = perSecond * seconds;
  const start = clockMs();
  const emitted: Promise<[string, number]>[] = [];
  while (emitted.length < total) {
    const due = Math.min(total, Math.floor(((clockMs() - start) * perSecond) / 1_000) + 1);
    while (emitted.length < due) {
      const n = emitted.length;
      const dueAt = start + (n * 1_000) / perSecond;
      emitted.push(emit(n).then((id) => [id, dueAt]));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  return Promise.all(emitted);
}
