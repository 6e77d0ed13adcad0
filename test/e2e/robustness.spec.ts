import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookEvent, WebhooksModule } from 'nestjs-webhooks';
import type { LoadedEndpoint } from '../../lib/domain/delivery.js';
import { DeliveryRecorder } from '../../lib/delivery/delivery-recorder.js';
import { WebhookDeliveryRepository } from '../../lib/persistence/webhook-delivery.repository.js';
import { bareApp, PLAIN_WEBHOOKS, typeOrm, withDataSource } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const DATABASES = daily(['sqlite', 'postgres'], 'mysql');

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
      const claim = { now: t.clock.now(), limit: 10 };
      const [delivery] = await deliveries.claimOldest(claim, { token, expiresAt });
      return delivery!;
    };
    const endpoint = { failingSince: null } as LoadedEndpoint;
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
      recorder.record(first, endpoint, sent(500)),
      recorder.record(second, endpoint, sent(200)),
    ]);

    expect(recorded.map((attempt) => attempt?.outcome)).toEqual([undefined, 'succeeded']);
    const { attempts, ...delivery } = await t.webhooks.deliveries.get('acme', second.id);
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1, statusCode: 200 });
    expect(attempts).toHaveLength(1);
  });

  it('refuses a tenant or a key that ends with half a character, since databases could confuse two of them', async () => {
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

describe.each(daily(['postgres', 'mysql'], 'mariadb'))('A group of emits on %s', (database) => {
  it('is stored once, and rejects only the emit whose key could not be looked up', async () => {
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
  ])('is sent once, and rejects no emit, if the connection is cut after the commit, $keys', async (one) => {
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
  });
});

describe.each(daily(['postgres', 'mysql'], 'mariadb'))('An open transaction of the app on %s', (database) => {
  it('that has emitted keeps no other tenant from deleting an endpoint', async () => {
    const t = await started({ database, webhooks: { worker: false } });
    await t.endpoint();
    const { id } = await t.endpoint({ tenant: 'globex' });
    await emit(t, { tenant: 'globex' });
    await t.dataSource.transaction(async (manager) => {
      await emit(t, { manager });
      await t.webhooks.endpoints.delete('globex', id);
    });
    const canceled = (await t.webhooks.deliveries.list({ tenant: 'globex' }, { limit: 10 })).data;
    expect(canceled.map(({ status }) => status)).toEqual(['canceled']);
  });
});

describe('On SQLite', () => {
  it('back-to-back transactions of the app do not delay an emit', async () => {
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

describe('A transaction that takes as long as a lease', () => {
  it('leaves its deliveries to the next claim', async () => {
    const t = await started({ webhooks: { delivery: { lease: '30s', timeout: '10s' } } });
    await t.endpoint();
    await t.dataSource.transaction(async (manager) => {
      await emit(t, { manager });
      t.clock.advance('20s');
    });
    await t.settled();
    expect(t.receiver.arrivals).toEqual([]);
    await t.after(0);
    expect(t.receiver.arrivals).toHaveLength(1);
  });
});

describe('An app that closes while Redis drops its connections', () => {
  it('causes no unhandled rejection, whenever it closes', async () => {
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
