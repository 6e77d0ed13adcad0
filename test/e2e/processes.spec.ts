import type { INestApplication } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import {
  WebhookAttempt,
  WebhookDelivery,
  WebhooksModule,
  WebhooksService,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import {
  bareApp,
  migratedDatabase,
  PLAIN_WEBHOOKS,
  typeOrm,
  withDataSource,
  type BareApp,
} from '../support/bare-app.js';
import type { ServerKind, TestDatabase } from '../support/databases.js';
import { Receiver } from '../support/receiver.js';
import { redisFor } from '../support/redis.js';

const QUEUES = [
  ['in-process queue', 'postgres', () => ({})],
  ['in-process queue', 'mysql', () => ({})],
  ['NOTIFY queue', 'postgres', () => ({ queue: 'notify' })],
  ['Bull', 'postgres', () => redisFor()],
  ['Bull', 'mariadb', () => redisFor()],
] as const;

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function ownReceiver(): Promise<Receiver> {
  const receiver = await Receiver.start();
  cleanups.push(() => receiver.stop());
  return receiver;
}

async function ownDatabase(kind: ServerKind): Promise<TestDatabase> {
  const database = await migratedDatabase(kind);
  cleanups.push(() => database.drop());
  return database;
}

/** One process of an app that runs on several. */
async function processOn(database: TestDatabase, options: Partial<WebhooksModuleOptions>): Promise<BareApp> {
  const started = await bareApp({
    imports: [
      typeOrm(database, { migrationsRun: false }),
      WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, tenants: false, ...options }),
    ],
  });
  cleanups.push(() => started.app.close());
  return started;
}

const webhooksOf = ({ app }: { app: INestApplication }): WebhooksService => app.get(WebhooksService);

const endpointOn = ({ app }: BareApp, receiver: Receiver): Promise<unknown> =>
  webhooksOf({ app }).endpoints.create('', { name: 'Receiver', url: receiver.url, events: ['*'] });

async function deliveriesIn(database: TestDatabase): Promise<WebhookDelivery[]> {
  return withDataSource(database, (dataSource) => dataSource.getRepository(WebhookDelivery).find());
}

describe.each(QUEUES)('Processes on one database, with the %s on %s', (_, kind, queue) => {
  it('deliver each event once, whichever of them emitted it', async () => {
    const EVENTS = 100;
    const database = await ownDatabase(kind);
    const receiver = await ownReceiver();
    // On a busy machine some are late, and put off until the relay comes round.
    const options = { ...queue(), delivery: { pollInterval: '1s' } } as const;
    const both = [await processOn(database, options), await processOn(database, options)];
    await endpointOn(both[0]!, receiver);
    await Promise.all(
      both.flatMap(({ app }) =>
        Array.from({ length: EVENTS / 2 }, (_unused, n) => webhooksOf({ app }).emit('post.published', { n })),
      ),
    );
    await receiver.received(EVENTS);
    // Closing waits for what is under way, so a second request would have arrived by then.
    for (const { app } of both) await app.close();
    expect(new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size).toBe(EVENTS);
    expect(receiver.arrivals).toHaveLength(EVENTS);
    const deliveries = await deliveriesIn(database);
    expect(new Set(deliveries.map(({ status, attemptCount }) => `${status} ${attemptCount}`))).toEqual(
      new Set(['succeeded 1']),
    );
  });

  it('leave to a worker what a process with worker: false has emitted', async () => {
    const database = await ownDatabase(kind);
    const receiver = await ownReceiver();
    const options = queue();
    const web = await processOn(database, { ...options, worker: false, signature: { header: 'x-from-web' } });
    await endpointOn(web, receiver);
    await webhooksOf(web).emit('post.published', {});
    const [before] = await deliveriesIn(database);
    expect(before).toMatchObject({ status: 'pending', attemptCount: 0 });
    await processOn(database, { ...options, signature: { header: 'x-from-worker' } });
    const [arrival] = await receiver.received(1);
    expect(arrival!.headers).toHaveProperty('x-from-worker');
    expect(arrival!.headers).not.toHaveProperty('x-from-web');
  });

  it('wait, when they close, for the request under way, and record it', async () => {
    const database = await ownDatabase(kind);
    const receiver = await ownReceiver();
    let answer!: () => void;
    receiver.answer = (_arrival, response) => {
      answer = () => response.writeHead(204).end();
    };
    const { app, logger } = await processOn(database, queue());
    await endpointOn({ app, logger }, receiver);
    await webhooksOf({ app }).emit('post.published', {});
    await receiver.received(1);
    let closed = false;
    const closing = app.close().then(() => (closed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    answer();
    await closing;
    await withDataSource(database, async (dataSource) => {
      const [delivery, ...others] = await dataSource.getRepository(WebhookDelivery).find();
      expect(others).toEqual([]);
      expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1, statusCode: 204 });
      expect(await dataSource.getRepository(WebhookAttempt).count()).toBe(1);
    });
    expect(logger.matching(/^(error|warn)|closed/i)).toEqual([]);
  });
});
