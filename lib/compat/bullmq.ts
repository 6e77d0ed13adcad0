import type { Queue } from 'bullmq';
import type { RedisClient } from './redis-client.js';

interface WithClient {
  readonly client: Promise<RedisClient>;
}

/**
 * The queue's connection, once it is open for the first time. Rejects if the queue is closed before. BullMQ 5 has it in
 * the queue, and 6 in the queue's backend.
 */
export function clientOf(queue: Queue): Promise<RedisClient> {
  const given = queue as unknown as Partial<WithClient> & { getBackend?(): WithClient };
  return given.getBackend?.().client ?? given.client!;
}
