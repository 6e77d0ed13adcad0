import { expect } from 'vitest';
import { ENTRIES_AT_ONCE, type QueueEntry, type WebhookQueue } from '../../lib/dispatch/webhook-queue.js';

/** What a case needs of a driver: a queue of its own. */
export interface QueueContractContext {
  readonly queue: WebhookQueue;
}

/** One promise of the queue port, for every driver to keep. */
export interface QueueContractCase {
  readonly name: string;
  run(context: QueueContractContext): Promise<void>;
}

const WINDOW_MS = 500;

const batch = (n: number): QueueEntry => ({
  token: `token-${n}`,
  expiresAt: 1_700_000_000_000,
  deliveryIds: [`dlv_${n}`],
});
const LAST = batch(ENTRIES_AT_ONCE);

/** A consumer that keeps what it gets, and tells when it has `count` entries. */
function collector(): {
  taken: QueueEntry[];
  consume: (entry: QueueEntry) => Promise<boolean>;
  got(count: number): Promise<void>;
} {
  const taken: QueueEntry[] = [];
  let check = (): void => undefined;
  return {
    taken,
    consume: async (entry) => {
      taken.push(entry);
      check();
      return true;
    },
    got: (count) =>
      new Promise((resolve) => {
        check = () => void (taken.length >= count && resolve());
        check();
      }),
  };
}

export const webhookQueueContract: readonly QueueContractCase[] = [
  {
    name: 'hands every entry to the consumer as it was pushed',
    async run({ queue }) {
      const { taken, consume, got } = collector();
      queue.consume(consume, WINDOW_MS);
      await queue.room();
      queue.push([batch(1), batch(2)]);
      queue.push([batch(3)]);
      await got(3);
      expect(taken.map(({ token }) => token).sort()).toEqual(['token-1', 'token-2', 'token-3']);
      expect(taken.find(({ token }) => token === 'token-2')).toEqual(batch(2));
    },
  },
  {
    name: 'goes on after a consumer that failed',
    async run({ queue }) {
      const { consume, got } = collector();
      queue.consume(async (entry) => {
        await consume(entry);
        throw new Error('this entry could not be taken');
      }, WINDOW_MS);
      await queue.room();
      queue.push([batch(1)]);
      queue.push([batch(2)]);
      await got(2);
    },
  },
  {
    name: 'hands the next entry over while as many as there is room for still wait for a place',
    async run({ queue }) {
      const { consume, got } = collector();
      let release = (): void => undefined;
      const full = new Promise<void>((resolve) => (release = resolve));
      queue.consume(async (entry) => {
        await consume(entry);
        if (entry.token !== LAST.token) await full;
        return true;
      }, WINDOW_MS);
      await queue.room();
      queue.push(Array.from({ length: ENTRIES_AT_ONCE - 1 }, (_, n) => batch(n)));
      queue.push([LAST]);
      await got(ENTRIES_AT_ONCE);
      release();
    },
  },
  {
    name: 'has less room the more is waiting, and none beyond its bound',
    async run({ queue }) {
      const { consume, got } = collector();
      let release = (): void => undefined;
      const full = new Promise<void>((resolve) => (release = resolve));
      queue.consume(async (entry) => {
        await consume(entry);
        await full;
        return true;
      }, WINDOW_MS);
      const empty = await queue.room();
      expect(empty).toBeGreaterThan(0);
      queue.push(Array.from({ length: 20 }, (_, n) => batch(n)));
      await got(8);
      const some = await queue.room();
      expect(some).toBeLessThan(empty);
      queue.push(Array.from({ length: ENTRIES_AT_ONCE }, (_, n) => batch(100 + n)));
      await got(ENTRIES_AT_ONCE);
      while ((await queue.room()) > 0);
      expect(queue.hasRoom(0)).toBe(false);
      release();
      await got(ENTRIES_AT_ONCE + 20);
      while ((await queue.room()) < empty);
      expect(queue.hasRoom(0)).toBe(true);
    },
  },
  {
    name: 'has none for those who leave room to others while an entry waits for longer than it should',
    async run({ queue }) {
      const { consume, got } = collector();
      let release = (): void => undefined;
      const full = new Promise<void>((resolve) => (release = resolve));
      queue.consume(async (entry) => {
        await consume(entry);
        await full;
        return true;
      }, WINDOW_MS);
      await queue.room();
      queue.push([batch(1)]);
      await got(1);
      expect(queue.hasRoom(1)).toBe(true);
      const since = performance.now();
      while (queue.hasRoom(1)) await new Promise((resolve) => setImmediate(resolve));
      expect(performance.now() - since).toBeGreaterThan(WINDOW_MS - 100);
      expect(queue.hasRoom(0)).toBe(true);
      release();
      while (!queue.hasRoom(1)) await new Promise((resolve) => setImmediate(resolve));
    },
  },
  {
    name: 'has less room while entries come too late, and more again once they don’t',
    async run({ queue }) {
      const { consume, got } = collector();
      let late = true;
      queue.consume(async (entry) => {
        await consume(entry);
        return !late;
      }, WINDOW_MS);
      const empty = await queue.room();
      let pushed = 0;
      const pushMany = async (times: number): Promise<void> => {
        queue.push(Array.from({ length: times }, () => batch(pushed++)));
        await got(pushed);
      };
      while ((await queue.room()) > empty / 4) {
        await pushMany(1);
        await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
      }
      late = false;
      while ((await queue.room()) < empty / 2) await pushMany(40);
    },
  },
  {
    name: 'takes a push of nothing, and pushes after it was closed, without a word',
    async run({ queue }) {
      const { taken, consume } = collector();
      queue.consume(consume, WINDOW_MS);
      queue.push([]);
      await queue.close();
      queue.push([batch(1)]);
      expect(taken).toEqual([]);
      expect(queue.hasRoom(0)).toBe(false);
      expect(await queue.room()).toBe(0);
    },
  },
];
