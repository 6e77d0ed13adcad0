import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookEvent } from 'nestjs-webhooks';
import { storeBacklog } from '../support/backlog.js';
import { migratedDatabase } from '../support/bare-app.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function started(options: SendingAppOptions): Promise<SendingApp> {
  const t = await sendingApp(options);
  cleanups.push(() => t.stop());
  return t;
}

describe.each(['postgres', 'mariadb'] as const)('An app on %s with one database connection', (kind) => {
  it('commits emits, and answers, while many requests hang', async () => {
    const database = await migratedDatabase(kind);
    cleanups.push(() => database.drop());
    const single = kind === 'postgres' ? { poolSize: 1 } : { poolSize: 1, extra: { connectionLimit: 1 } };
    const on = { ...database, options: { ...database.options, ...single } as typeof database.options };
    const t = await started({ on, clock: false });
    const HANGING = 20;
    for (let n = 0; n < HANGING; n++) await t.endpoint({ url: `${t.receiver.url}/hang` });
    const answers: (() => void)[] = [];
    t.receiver.answer = (_, response) => answers.push(() => response.writeHead(200).end());
    const emit = (): Promise<unknown> => t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await emit();
    await t.receiver.received(HANGING);

    await Promise.all([emit(), emit(), t.dataSource.transaction((manager) => manager.query('SELECT 1'))]);
    expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(3);
    const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    expect(delivery).toMatchObject({ status: 'pending', attemptCount: 0 });

    t.receiver.answer = 200;
    for (const answer of answers) answer();
    await t.settled();
  });
});

describe('A worker with 20,000 deliveries waiting for an endpoint that hangs', () => {
  const COUNT = 20_000;
  const GROWTH_MIB = 30;

  it('holds few of them in memory, and in Redis', async () => {
    const redisPrefix = `{waiting-${randomBytes(6).toString('hex')}}`;
    const t = await started({
      database: 'postgres',
      queue: 'bull',
      redisPrefix,
      clock: false,
      webhooks: { delivery: { timeout: '2s', pollInterval: '20ms' } },
    });
    const redis = new Redis(process.env.TEST_REDIS_URL!);
    cleanups.push(async () => redis.disconnect());
    const { id: endpointId } = await t.endpoint();
    t.receiver.answer = () => undefined;
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.settled();
    const before = heapMib();

    await storeBacklog(t.dataSource, {
      endpointId,
      tenant: 'acme',
      count: COUNT,
      at: Date.now() - 60_000,
      as: 'pending',
    });
    let most = 0;
    let keys = 0;
    for (const end = performance.now() + 3_000; performance.now() < end;) {
      most = Math.max(most, heapMib() - before);
      keys = Math.max(keys, (await redis.keys(`${redisPrefix}*`)).length);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (process.env.DEBUG_TESTS) console.log({ most, keys, rss: process.memoryUsage().rss / 2 ** 20 });
    expect(most).toBeLessThan(GROWTH_MIB);
    // A wake-up, and Bull's own.
    expect(keys).toBeLessThan(20);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is really held: the resident size is that and what the collector has not looked at yet. */
function heapMib(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
