import { BullModule } from '@nestjs/bull';
import { InvalidWebhooksOptionError, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebhooksRedisOptions } from '../../lib/config/webhooks-options.js';
import { redisFor } from '../support/redis.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

let t: SendingApp | undefined;
afterEach(async () => {
  await t?.stop();
  t = undefined;
});

const server = (): WebhooksRedisOptions => {
  const { hostname, port } = new URL(redisFor().redis);
  return { host: hostname, port: Number(port) };
};
const start = async (
  webhooks: Partial<WebhooksModuleOptions>,
  options: SendingAppOptions = {},
): Promise<SendingApp> => {
  t = await sendingApp({ queue: 'bull', ...options, webhooks });
  await t.endpoint();
  return t;
};
/** By another process's worker or its own: all goes over Redis. */
const expectDelivery = async ({ webhooks, receiver }: SendingApp): Promise<void> => {
  for (let sent = 1; sent <= 3; sent++) {
    await webhooks.emit('post.published', {}, { tenant: 'acme' });
    await receiver.received(sent);
  }
};

const SHARED_WITH_THE_APP: readonly (readonly [string, object])[] = [
  ['lazyConnect', { lazyConnect: true }],
  ['enableReadyCheck', { enableReadyCheck: true }],
  ['enableAutoPipelining', { enableAutoPipelining: true }],
  ['commandTimeout', { commandTimeout: 100 }],
  ['socketTimeout', { socketTimeout: 100 }],
  ['blockingTimeout', { blockingTimeout: 100 }],
  ['enableOfflineQueue', { enableOfflineQueue: false }],
  ['autoResubscribe', { autoResubscribe: false }],
  ['autoResendUnfulfilledCommands', { autoResendUnfulfilledCommands: false }],
  ['maxRetriesPerRequest', { maxRetriesPerRequest: 1 }],
  ['stringNumbers', { stringNumbers: true }],
  ['a retryStrategy that gives up', { retryStrategy: () => null }],
];

describe('A worker whose Redis has', () => {
  it.each(SHARED_WITH_THE_APP)('%s delivers', async (_name, given) => {
    await expectDelivery(await start({ redis: { ...server(), ...given } }));
  });

  it('lazyConnect and a timeout in its URL delivers', async () => {
    const { redis } = redisFor();
    await expectDelivery(await start({ redis: `${redis}?lazyConnect=true&commandTimeout=100` }));
  });

  it.each(['redis', 'url'] as const)(
    'lazyConnect in the %s of the app’s BullModule.forRoot delivers',
    async (by) => {
      const options = { lazyConnect: true, enableAutoPipelining: true };
      const app =
        by === 'url' ? { url: redisFor().redis, redis: options } : { redis: { ...server(), ...options } };
      const webhooks = { queue: 'bull', redis: undefined } as Partial<WebhooksModuleOptions>;
      await expectDelivery(await start(webhooks, { imports: [BullModule.forRoot(app)] }));
    },
  );
});

describe('A worker over BullMQ', () => {
  const all = Object.assign({}, ...SHARED_WITH_THE_APP.map(([, given]) => given)) as object;

  it('delivers with each of them', async () => {
    await expectDelivery(await start({ redis: { ...server(), ...all } }, { queue: 'bullmq' }));
  });

  it('delivers with a URL that holds some', async () => {
    const { redis } = redisFor();
    const url = `${redis}/1?lazyConnect=true&commandTimeout=100`;
    await expectDelivery(await start({ redis: url }, { queue: 'bullmq' }));
  });
});

describe('An app does not start where its Redis', () => {
  const server = 'redis://127.0.0.1:1';
  it.each([
    ['redis', 'localhost:6379'],
    ['redis', 'http://localhost'],
    ['redis', ''],
    ['redis', 6379],
    ['redis', null],
    ['redis', ['redis://localhost']],
    ['redis.keyPrefix', { keyPrefix: 'acme:' }],
    ['redis.pasword', { pasword: 'x' }],
    ['redis.readOnly', { readOnly: true }],
    ['redis.monitor', { monitor: true }],
    ['redis.role', { sentinels: [], name: 'mymaster', role: 'slave' }],
    ['redis.db', { db: 'first' }],
    ['redis.db', `${server}/first`],
    ['redis.readOnly', `${server}?readOnly=true`],
  ])('can’t be written to: %s, %j', async (option, redis) => {
    const started = start({ redis: redis as string });
    await expect(started).rejects.toBeInstanceOf(InvalidWebhooksOptionError);
    await expect(started).rejects.toMatchObject({ option });
  });

  it('has a password, which is not repeated', async () => {
    await expect(start({ redis: 'http://:s3cret@localhost' })).rejects.toThrow(/^(?!.*s3cret)/);
  });
});
