import type { Queue } from 'bull';

/**
 * Handles promises that Bull 4 rejects and nobody awaits, when a connection ends that never was open, such as at the
 * end of an app without Redis. Each would end the process. Nest's explorer drops the promise of `process`, and Bull
 * that of `setWorkerName`.
 * @param onRefused the queue takes no jobs
 */
export function catchDroppedPromises(queue: Queue, onRefused: (error: Error) => void): void {
  const start = queue.process.bind(queue) as (...args: unknown[]) => Promise<void>;
  queue.process = (...args: unknown[]) => start(...args).catch(onRefused);
  const setWorkerName = queue.setWorkerName.bind(queue) as () => Promise<unknown>;
  queue.setWorkerName = () => setWorkerName().catch(() => undefined);
}

/** Documented by Bull, but missing in its types. */
interface Worker {
  readonly processing: Readonly<Record<string, Promise<unknown>>>;
  readonly bclientInitialized?: boolean;
  readonly bclient: { connect(): Promise<void>; disconnect(): void };
}

/**
 * Ends the connection that takes jobs, for good. When a queue is paused or closed, Bull ends it after half a second and
 * connects again. If Redis can't be reached, `close` then waits for the connection, or drops its promise, which
 * rejects.
 */
export function takeNoMore(queue: Queue): void {
  const worker = queue as unknown as Worker;
  // Reading it would make it.
  if (!worker.bclientInitialized) return;
  worker.bclient.connect = () => Promise.resolve();
  void queue.pause(true, true).catch(() => undefined);
  worker.bclient.disconnect();
}

/** Resolves once no job runs. Call it when no more are taken. */
export const jobsUnderWay = (queue: Queue): Promise<unknown> =>
  Promise.allSettled(Object.values((queue as unknown as Worker).processing));
