import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookEvent, WebhooksModule } from 'nestjs-webhooks';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import { DeliveryRecorder } from '../../lib/delivery/delivery-recorder.js';
import {
  ENTRY_SIZE,
  FIRST_ENTRIES,
  type QueueEntry,
  type WebhookQueue,
} from '../../lib/dispatch/webhook-queue.js';
import { WebhookDeliveryRepository } from '../../lib/persistence/webhook-delivery.repository.js';
import { bareApp, migratedDatabase, PLAIN_WEBHOOKS, typeOrm, withDataSource } from '../support/bare-app.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const DATABASES = ['sqlite', 'postgres', 'mysql'] as const;

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function started(options: SendingAppOptions = {}): Promise<SendingApp> {
  const t = await sendingApp(options);
  cleanups.push(() => t.stop());
  return t;
}

const emit = (t: SendingApp, options: object = {}): ReturnType<SendingApp['webhooks']['emit']> =>
  t.webhooks.emit('post.published', {}, { tenant: 'acme', ...options });

describe.each(DATABASES)('On %s', (database) => {
  it('an outcome under a lease that has ended is not recorded beside its successor’s', async () => {
    const t = await started({ database, webhooks: { worker: false } });
    await t.endpoint();
    await emit(t);
    const deliveries = t.app.get(WebhookDeliveryRepository);
    const recorder = t.app.get(DeliveryRecorder);
    const lent = async (token: string, expiresAt: number) => {
      const deliveryIds = await deliveries.claimDue(
        { now: t.clock.now(), limit: 10, newestFirst: false },
        { token, expiresAt },
      );
      const [delivery] = await deliveries.load({ token, deliveryIds });
      return delivery!;
    };
    const sent = (status: number) => ({
      startedAt: t.clock.now(),
      endedAt: t.clock.now(),
      requestHeaders: {},
      result: { status, headers: {}, retryAfter: null, body: '', durationMs: 1, error: null },
    });
    const first = await lent('first', t.clock.now());
    const second = await lent('second', t.clock.now() + 1_000);

    // In one turn, so that both are in one batch, as after an outage of the database.
    const recorded = await Promise.all([
      recorder.attempted(first, sent(500)),
      recorder.attempted(second, sent(200)),
    ]);

    expect(recorded.map((attempt) => attempt?.outcome)).toEqual([undefined, 'succeeded']);
    const { delivery, attempts } = await t.webhooks.deliveries.get('acme', second.id);
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1, statusCode: 200 });
    expect(attempts).toHaveLength(1);
  });

  it('refuses a tenant or a key that ends within a character, since two of them would be one', async () => {
    const t = await started({ database });
    const cut = '😀'.slice(0, 1);
    await expect(emit(t, { tenant: `acme${cut}` })).rejects.toThrow('tenant must be');
    await expect(emit(t, { idempotencyKey: `post-${cut}` })).rejects.toThrow('idempotencyKey must be');
    await expect(emit(t, { tenant: 'acme 😀', idempotencyKey: '😀' })).resolves.toBeDefined();
  });

  it('a rate limit goes on when the clock was set back', async () => {
    const t = await started({ database });
    await t.endpoint({ rateLimit: 1 });
    await t.dataSource.query(`UPDATE webhook_endpoints SET next_slot_at = ${t.clock.now() + 3_600_000}`);
    await emit(t);
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(1);
  });
});

describe.each(['postgres', 'mariadb', 'mysql'] as const)('A group of emits on %s', (database) => {
  it('is stored once, and fails for none but the one whose key could not be looked up', async () => {
    const t = await started({ database });
    await t.endpoint();
    await emit(t, { idempotencyKey: 'known' });
    t.dataSource.subscribers.push({
      beforeQuery: ({ query }) => {
        if (/^SELECT .* idempotency_key = /s.test(query)) throw new Error('The connection is gone.');
      },
    });
    const group = await Promise.allSettled([emit(t), emit(t, { idempotencyKey: 'known' }), emit(t)]);
    expect(group.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await t.settled();
    expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(3);
    expect(t.receiver.arrivals).toHaveLength(3);
  });

  it.each([
    { keys: 'with a key each', options: (n: number) => ({ idempotencyKey: `post-${n}` }) },
    { keys: 'without keys', options: () => ({}) },
  ])(
    'is sent once, and rejects for nobody, where the connection is cut after the commit, $keys',
    async (one) => {
      const t = await started({ database });
      await t.endpoint();
      let cuts = 0;
      const cut = (): void => {
        if (cuts++ === 0) throw new Error('The connection is gone.');
      };
      t.dataSource.subscribers.push(
        database === 'postgres'
          ? { afterQuery: ({ query }) => (query.startsWith('WITH stored') ? cut() : undefined) }
          : { afterQuery: ({ query }) => (query === 'COMMIT' ? cut() : undefined) },
      );
      const group = await Promise.all([1, 2, 3].map((n) => emit(t, one.options(n))));
      await t.settled();
      expect(cuts).toBeGreaterThan(1);
      expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(3);
      const ids = t.receiver.arrivals.map(({ headers }) => headers['webhook-id']);
      expect(ids.toSorted()).toEqual(group.map(({ id }) => id).toSorted());
    },
  );
});

describe.each(['postgres', 'mariadb', 'mysql'] as const)(
  'An open transaction of the app on %s',
  (database) => {
    it('that has emitted keeps no other tenant from deleting an endpoint', async () => {
      const t = await started({ database, webhooks: { worker: false } });
      await t.endpoint();
      const { id } = await t.endpoint({ tenant: 'globex' });
      await emit(t, { tenant: 'globex' });
      await t.dataSource.transaction(async (manager) => {
        await emit(t, { manager });
        await t.webhooks.endpoints.delete('globex', id);
      });
      const canceled = await t.webhooks.deliveries.list({ tenant: 'globex' }, { limit: 10 });
      expect(canceled.map(({ status }) => status)).toEqual(['canceled']);
    });
  },
);

describe('On SQLite', () => {
  it('transactions of the app that follow each other without a pause keep no emit waiting', async () => {
    const t = await started();
    await t.endpoint();
    let transactions = 0;
    const stop = new AbortController();
    const busy = (async () => {
      while (!stop.signal.aborted) {
        await t.dataSource.transaction(async (manager) => {
          await manager.query('SELECT 1');
          // Work of the app that takes a turn of the event loop, such as a request.
          await new Promise((resolve) => setImmediate(resolve));
        });
        transactions++;
      }
    })();
    await emit(t);
    const meanwhile = transactions;
    stop.abort();
    await busy;
    expect(meanwhile).toBeLessThan(5);
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(1);
  });

  it('outcomes that come in together are recorded in few transactions', async () => {
    let transactions = 0;
    const verbose = (sql: unknown): void => void (String(sql) === 'BEGIN IMMEDIATE' && transactions++);
    const database = await lastingDatabase('sqlite');
    await withDataSource(database, (dataSource) => dataSource.runMigrations());
    const on = { ...database, options: { ...database.options, verbose } as TestDatabase['options'] };
    const t = await started({ on });
    for (let n = 0; n < 40; n++) await t.endpoint();
    const answers: (() => void)[] = [];
    t.receiver.answer = (_, response) => answers.push(() => response.writeHead(200).end());
    await emit(t);
    await t.receiver.received(40);
    transactions = 0;
    for (const answer of answers) answer();
    await t.settled();
    expect(transactions).toBeGreaterThan(0);
    expect(transactions).toBeLessThan(20);
  });

  it('an emit waits for a transaction that the app began by hand, and is not undone with it', async () => {
    const t = await started();
    await t.dataSource.query('BEGIN');
    const emitting = emit(t);
    await new Promise((resolve) => setImmediate(resolve));
    await t.dataSource.query('ROLLBACK');
    const { id } = await emitting;
    expect(await t.dataSource.getRepository(WebhookEvent).findOneBy({ id })).not.toBeNull();
  });
});

describe.each(['in-process', 'bull'] as const)('Over the %s queue', (queue) => {
  it('an entry that comes too late is left to its row, and sent when its lease has ended', async () => {
    const t = await started({ queue, webhooks: { delivery: { lease: '30s', timeout: '10s' } } });
    await t.endpoint();
    const deliveries = t.app.get(WebhookDeliveryRepository);
    const loaded: string[] = [];
    const load = deliveries.load.bind(deliveries);
    deliveries.load = (batch) => (loaded.push(...batch.deliveryIds), load(batch));
    const pushing = t.app.get<WebhookQueue>(WEBHOOKS_QUEUE);
    const push = pushing.push.bind(pushing);
    const pushed: QueueEntry[] = [];
    while (!pushing.hasRoom(0)) await new Promise((resolve) => setImmediate(resolve));
    pushing.push = (entries) => void pushed.push(...entries);
    await emit(t);
    t.clock.advance('20s');
    pushing.push = push;
    pushing.push(pushed);
    await t.settled();
    expect({ loaded, arrived: t.receiver.arrivals.length }).toEqual({ loaded: [], arrived: 0 });
    await t.after(10_000);
    expect(loaded).toHaveLength(1);
    expect(t.receiver.arrivals).toHaveLength(1);
  });
});

describe('A worker whose loads hang', () => {
  const LEASE_MS = 2_000;

  async function hanging(): Promise<{
    t: SendingApp;
    loads: (() => void)[];
    push(entries: number, deliveriesEach?: number): void;
  }> {
    const t = await started({ webhooks: { delivery: { lease: `${LEASE_MS}ms`, timeout: '1s' } } });
    const deliveries = t.app.get(WebhookDeliveryRepository);
    const loads: (() => void)[] = [];
    deliveries.load = () => new Promise((resolve) => loads.push(() => resolve([])));
    const push = (entries: number, deliveriesEach = 1): void => {
      const expiresAt = t.clock.now() + LEASE_MS;
      const ids = (from: number): string[] =>
        Array.from({ length: deliveriesEach }, (_, n) => `dlv_${from}_${n}`);
      const numbers = Array.from({ length: entries }, (_, n) => n);
      t.app
        .get<WebhookQueue>(WEBHOOKS_QUEUE)
        .push(numbers.map((n) => ({ token: `${n}`, expiresAt, deliveryIds: ids(n) })));
    };
    return { t, loads, push };
  }

  it('loads no more than some hundred deliveries at once, as nobody knows how large their bodies are', async () => {
    const { t, loads, push } = await hanging();
    push(50, ENTRY_SIZE);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(loads).toHaveLength(8);
    for (let next = 0; next < 50; next++) {
      loads[next]!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await t.settled();
    expect(loads).toHaveLength(50);
  });

  it('keeps the queue’s room from others no longer than for a lease', async () => {
    const { t, loads, push } = await hanging();
    const queue = t.app.get<WebhookQueue>(WEBHOOKS_QUEUE);
    push(FIRST_ENTRIES);
    expect(await queue.room()).toBe(0);
    const since = performance.now();
    while ((await queue.room()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(performance.now() - since).toBeLessThan(2 * LEASE_MS);
    for (let next = 0; next < FIRST_ENTRIES; next++) {
      loads[next]!();
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});

describe('A process that only emits, over Bull', () => {
  it('pushes again once a queue that was full has been worked off', async () => {
    const redisPrefix = `{full-${randomBytes(6).toString('hex')}}`;
    const database = await migratedDatabase('postgres');
    cleanups.push(() => database.drop());
    const options: SendingAppOptions = { on: database, queue: 'bull', redisPrefix };
    const web = await started({ ...options, webhooks: { worker: false } });
    await web.endpoint();
    const queue = web.app.get<WebhookQueue>(WEBHOOKS_QUEUE);
    let emitted = 0;
    const left = 1_000;
    for (; queue.hasRoom(left); emitted++) await emit(web);
    const worker = await started(options);
    // The last one may have found no room any more.
    await worker.relay.runOnce();
    await web.receiver.received(emitted);
    await worker.settled();
    while (!queue.hasRoom(left)) await new Promise((resolve) => setImmediate(resolve));
    await emit(web);
    await web.receiver.received(emitted + 1);
  });
});

describe('An app that closes while Redis drops its connections', () => {
  it('rejects nothing that nobody handles, whenever it closes', async () => {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', keep);
    cleanups.push(async () => process.off('unhandledRejection', keep));
    const server = createServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.destroy()),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(async () => server.close());
    const redis = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    for (let turns = 0; turns < 12; turns++) {
      const database = await createDatabase('sqlite');
      const { app } = await bareApp({
        imports: [typeOrm(database), WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, redis })],
      });
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await app.close();
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});

describe.each(DATABASES)('Two apps with prefixes of their own on one %s database', (kind) => {
  it('have tables of their own', async () => {
    const database = await lastingDatabase(kind);
    for (const entityPrefix of ['one_', 'two_']) {
      const options = { entityPrefix, migrationsTableName: `${entityPrefix}migrations` };
      await withDataSource(database, (dataSource) => dataSource.runMigrations(), options);
      const t = await started({ on: { ...database, options: { ...database.options, ...options } } });
      await t.endpoint();
      await emit(t);
      await t.receiver.received(1);
    }
  });
});

async function lastingDatabase(kind: (typeof DATABASES)[number]): Promise<TestDatabase> {
  if (kind !== 'sqlite') {
    const database = await createDatabase(kind);
    cleanups.push(() => database.drop());
    return database;
  }
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  cleanups.push(async () => rmSync(folder, { recursive: true }));
  return {
    options: { type: 'better-sqlite3', database: join(folder, 'app.sqlite') },
    drop: async () => undefined,
  };
}
