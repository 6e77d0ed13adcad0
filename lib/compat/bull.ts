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
