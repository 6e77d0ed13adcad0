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

/** Whether Redis is there. While it is not, `add` of Bull 4 neither resolves nor rejects, and its job may be there later. */
export const isOnline = ({ client }: Queue): boolean => client.status === 'ready';

/** Whether Bull's promise resolves before the connection ends: it may then never settle. */
export function untilDisconnected({ client }: Queue, added: Promise<unknown>): Promise<boolean> {
  let lost = (): void => undefined;
  const disconnected = new Promise<void>((resolve) => client.once('close', (lost = resolve)));
  return Promise.race([added.then(() => true), disconnected.then(() => false)]).finally(() =>
    client.off('close', lost),
  );
}
