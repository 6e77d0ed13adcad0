import { randomBytes } from 'node:crypto';

/** Options that connect an app to the tests' Redis, with a prefix of its own. */
export function redisFor(prefix = `{test-${randomBytes(6).toString('hex')}}`): {
  redis: string;
  redisPrefix: string;
} {
  const redis = process.env.TEST_REDIS_URL;
  if (!redis) throw new Error('TEST_REDIS_URL is not set. Run the tests with npm test.');
  return { redis, redisPrefix: prefix };
}
