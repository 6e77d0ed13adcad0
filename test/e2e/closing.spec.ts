import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookAttempt, WebhookDelivery } from 'nestjs-webhooks';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { redisFor } from '../support/redis.js';
import { withDataSource } from '../support/bare-app.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function ownDatabase(): Promise<TestDatabase> {
  const database = await createDatabase('postgres');
  cleanups.push(() => database.drop());
  return database;
}

/** An app whose receiver answers nothing, with requests in flight to it. */
async function hangingApp(
  options: SendingAppOptions & { on: TestDatabase },
  { emits = 1, inFlight = 1 } = {},
): Promise<SendingApp & { answerAll(): void }> {
  const t = await sendingApp({ migrate: true, clock: false, ...options });
  cleanups.push(() => t.stop());
  await t.endpoint();
  const waiting: ServerResponse[] = [];
  t.receiver.answer = (_arrival, response) => void waiting.push(response);
  for (let n = 0; n < emits; n++) await t.webhooks.emit('post.published', { n }, { tenant: 'acme' });
  await t.receiver.received(inFlight);
  const answerAll = (): void => waiting.forEach((response) => void response.writeHead(204).end());
  return { ...t, answerAll };
}

const deliveriesIn = (database: TestDatabase): Promise<WebhookDelivery[]> =>
  withDataSource(database, (dataSource) => dataSource.getRepository(WebhookDelivery).find());
const attemptsIn = (database: TestDatabase): Promise<WebhookAttempt[]> =>
  withDataSource(database, (dataSource) => dataSource.getRepository(WebhookAttempt).find());

const SOON = { delivery: { shutdownGrace: '200ms' } } as const;

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('An app on %s that closes with a request in flight', (_, adapter) => {
  it('frees its port at once, but waits for the request', async () => {
    const on = await ownDatabase();
    const t = await hangingApp({ on, adapter: adapter(), webhooks: { delivery: { shutdownGrace: '20s' } } });
    await t.app.listen(0, '127.0.0.1');
    const port = Number(new URL(await t.app.getUrl()).port);
    let closed = false;
    const closing = t.app.close().then(() => (closed = true));
    await listenOn(port);
    expect(closed).toBe(false);
    t.answerAll();
    await closing;
    expect(await deliveriesIn(on)).toMatchObject([{ status: 'succeeded', statusCode: 204, attemptCount: 1 }]);
  });
});

describe.each(['in-process', 'bull', 'bullmq'] as const)('An app that closes, over the %s queue', (queue) => {
  it('cuts requests that exceed the grace period, logs that, and leaves their deliveries due at once', async () => {
    const on = await ownDatabase();
    const redisPrefix = redisFor().redisPrefix;
    const EMITS = 30;
    const t = await hangingApp({ on, queue, redisPrefix, webhooks: SOON }, { emits: EMITS, inFlight: 5 });
    const since = performance.now();
    await t.app.close();
    expect(performance.now() - since).toBeLessThan(3_000);
    const now = Date.now() + 1;
    const deliveries = await deliveriesIn(on);
    expect(deliveries).toHaveLength(EMITS);
    for (const delivery of deliveries) {
      expect(delivery).toMatchObject({ status: 'pending', leaseToken: null, scheduleAttempts: 0 });
      expect(delivery.nextAttemptAt).toBeLessThan(now);
    }
    const attempts = await attemptsIn(on);
    // Each request that reached the receiver, and no other.
    expect(attempts).toHaveLength(t.receiver.arrivals.length);
    expect(new Set(attempts.map(({ errorCode, outcome }) => `${errorCode} ${outcome}`))).toEqual(
      new Set(['interrupted retrying']),
    );
    const next = await sendingApp({ on, queue, redisPrefix, clock: false });
    cleanups.push(() => next.stop());
    t.receiver.answer = 204;
    await next.relay.runOnce();
    await t.receiver.received(EMITS + 5);
    await next.settled();
    expect(new Set((await deliveriesIn(on)).map(({ status }) => status))).toEqual(new Set(['succeeded']));
  });
});

describe('A request that is cut', () => {
  it('counts as an attempt when cut twice in a row, so that endless requests fail in the end', async () => {
    const on = await ownDatabase();
    const retry = { schedule: ['5m'] } as const;
    const first = await hangingApp({ on, webhooks: { ...SOON, retry } });
    await first.app.close();
    const second = await sendingApp({ on, clock: false, webhooks: { ...SOON, retry } });
    cleanups.push(() => second.stop());
    await second.relay.runOnce();
    await first.receiver.received(2);
    await second.app.close();
    const [delivery] = await deliveriesIn(on);
    expect(delivery).toMatchObject({ status: 'pending', attemptCount: 2, scheduleAttempts: 1 });
    expect(delivery!.nextAttemptAt).toBeGreaterThan(Date.now() + 200_000);
  });
});

describe('An app whose database is closed before it', () => {
  it('waits for the request under way, and records it', async () => {
    const on = await ownDatabase();
    const t = await hangingApp({ on });
    const destroyed = t.dataSource.destroy();
    t.answerAll();
    await destroyed;
    expect(await deliveriesIn(on)).toMatchObject([{ status: 'succeeded', attemptCount: 1 }]);
    await t.app.close();
  });
});

describe('An app whose database is closed and opened again while it runs', () => {
  it.each(['in-process', 'bull', 'bullmq'] as const)('goes on, over the queue %s', async (queue) => {
    const on = await ownDatabase();
    const t = await hangingApp({ on, queue });
    const destroyed = t.dataSource.destroy();
    t.answerAll();
    await destroyed;
    await t.dataSource.initialize();
    t.receiver.answer = 204;
    await t.webhooks.emit('post.published', { n: 2 }, { tenant: 'acme' });
    await t.receiver.received(2);
    await t.settled();
    expect(await deliveriesIn(on)).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
  });

  it('sends at once what a transaction has stored, as before', async () => {
    const t = await sendingApp({ on: await ownDatabase(), migrate: true });
    cleanups.push(() => t.stop());
    await t.endpoint();
    const emitInTransaction = (): Promise<unknown> =>
      t.dataSource.transaction((manager) =>
        t.webhooks.emit('post.published', {}, { tenant: 'acme', manager }),
      );
    for (let sent = 1; sent <= 3; sent++) {
      await emitInTransaction();
      await t.receiver.received(sent);
      await t.settled();
      await t.dataSource.destroy();
      await t.dataSource.initialize();
    }
  });

  it('finds a moment between the transactions of the app, as before, on SQLite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const on = {
      options: { type: 'better-sqlite3', database: join(folder, 'app.db') } as const,
      drop: async () => undefined,
    };
    const t = await sendingApp({ on, migrate: true });
    cleanups.push(() => t.stop());
    await t.dataSource.destroy();
    await t.dataSource.initialize();
    const stop = new AbortController();
    const busy = (async () => {
      while (!stop.signal.aborted) await t.dataSource.transaction(nextTurn);
    })();
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' }).finally(() => stop.abort());
    await busy;
  });
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Listens as soon as it can, and stops again. */
async function listenOn(port: number): Promise<void> {
  for (;;) {
    const server = createServer();
    const listens = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (listens) {
      await new Promise((resolve) => server.close(resolve));
      return;
    }
    await nextTurn();
  }
}
