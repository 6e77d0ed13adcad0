import { expect, vi } from 'vitest';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';

/** Each case gets a queue of its own from the driver. */
export interface QueueContractContext {
  readonly queue: WebhookQueue;
}

/** One promise of the queue port, for every driver to keep. */
export interface QueueContractCase {
  readonly name: string;
  run(context: QueueContractContext): Promise<void>;
}

/** A worker that counts its calls, and ends each when `work` does. */
function worker(work: (call: number) => Promise<boolean> = async () => false): {
  readonly calls: () => number;
  readonly work: () => Promise<boolean>;
  called(times: number): Promise<void>;
} {
  let calls = 0;
  let check = (): void => undefined;
  return {
    calls: () => calls,
    work: () => {
      calls++;
      check();
      return work(calls);
    },
    called: (times) =>
      new Promise((resolve) => {
        check = () => void (calls >= times && resolve());
        check();
      }),
  };
}

export const webhookQueueContract: readonly QueueContractCase[] = [
  {
    name: 'calls the worker that is woken',
    async run({ queue }) {
      const { work, called } = worker();
      queue.onWake(work);
      queue.wake();
      await called(1);
    },
  },
  {
    name: 'wakes it again for what comes while it works, however often it was woken',
    async run({ queue }) {
      let end = (): void => undefined;
      const ends = new Promise<boolean>((resolve) => (end = () => resolve(false)));
      const { work, called } = worker((call) => (call === 1 ? ends : Promise.resolve(false)));
      queue.onWake(work);
      queue.wake();
      await called(1);
      for (let n = 0; n < 100; n++) queue.wake();
      end();
      await called(2);
    },
  },
  {
    name: 'goes on after a worker that failed',
    async run({ queue }) {
      const { work, called } = worker(async (call) => {
        if (call === 1) throw new Error('this worker could not work');
        return false;
      });
      queue.onWake(() => work().catch(() => false));
      queue.wake();
      await called(1);
      queue.wake();
      await called(2);
    },
  },
  {
    name: 'calls nobody once it is closed, and takes wake-ups without a word',
    async run({ queue }) {
      const { work, calls } = worker();
      queue.onWake(work);
      await queue.close();
      queue.wake();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(calls()).toBe(0);
    },
  },
  {
    name: 'says that nothing keeps it from waking workers, until nobody needs it any more',
    async run({ queue }) {
      const { work, called } = worker();
      queue.onWake(work);
      queue.wake();
      await called(1);
      await vi.waitFor(async () => expect(await queue.problem()).toBeUndefined());
      await queue.close();
      expect(await queue.problem()).toBeUndefined();
    },
  },
  {
    name: 'takes wake-ups where there is no worker',
    async run({ queue }) {
      queue.wake();
      queue.wake();
    },
  },
];
