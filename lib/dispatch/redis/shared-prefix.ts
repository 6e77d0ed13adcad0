import type { RedisClient } from '../../compat/redis-client.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';

const REMEMBERED_S = 86_400;

/**
 * Warns if two databases share a prefix in Redis: their workers would wake each other and miss their own work. Rejects
 * if Redis is down or refuses; the queue reports that.
 * @param key where the database's identity is kept
 */
export async function warnOfSharedPrefix(client: RedisClient, key: string, identity: string): Promise<void> {
  const other = await client.get(key);
  await client.set(key, identity, 'EX', REMEMBERED_S);
  if (other === null || other === identity) return;
  new WebhooksLogger().warn(
    'The prefix of the queue in Redis (option redisPrefix) is used for another database, too: its workers take wake-ups of ' +
      'this one, whose deliveries are late then. Write another redisPrefix, or none. After a move of the database this is ' +
      'told once.',
  );
}
