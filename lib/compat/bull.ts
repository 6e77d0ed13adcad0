import type { Queue } from 'bull';

/**
 * Catches what Bull 4 rejects and nobody awaits, where a connection ends that was never there, such as at the end of an app without
 * Redis; each would end the process. Nest's explorer drops the promise of `process`, and Bull that of `setWorkerName`.
 * @param onRefused the queue takes no jobs
 */
export function catchDroppedPromises(queue: Queue, onRefused: (error: Error) => void): void {
  const start = queue.process.bind(queue) as (...args: unknown[]) => Promise<void>;
  queue.process = (...args: unknown[]) => start(...args).catch(onRefused);
  const setWorkerName = queue.setWorkerName.bind(queue) as () => Promise<unknown>;
  queue.setWorkerName = () => setWorkerName().catch(() => undefined);
}

/** Of the reference of Bull, but not in its types. */
interface Worker {
  readonly processing: Readonly<Record<string, Promise<unknown>>>;
  readonly bclientInitialized?: boolean;
  readonly bclient: { connect(): Promise<void>; disconnect(): void };
}

/**
 * Ends the connection that takes jobs, for good. Bull ends it whenever a queue is paused or closed, after half a second, and connects
 * again: where Redis can't be reached, `close` then waits for the connection, or drops the promise of it, which rejects.
 */
export function takeNoMore(queue: Queue): void {
  const worker = queue as unknown as Worker;
  // Asked for, it would be made.
  if (!worker.bclientInitialized) return;
  worker.bclient.connect = () => Promise.resolve();
  void queue.pause(true, true).catch(() => undefined);
  worker.bclient.disconnect();
}

/** Resolves once no job is under way, where no more are taken. */
export const jobsUnderWay = (queue: Queue): Promise<unknown> =>
  Promise.allSettled(Object.values((queue as unknown as Worker).processing));
