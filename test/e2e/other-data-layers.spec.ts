import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebhookDelivery, WebhookEvent } from 'nestjs-webhooks';
import { pgWebhooksTransaction, type WebhooksTransaction } from 'nestjs-webhooks/transactions';
import { afterEach, describe, expect, it } from 'vitest';
import { DATA_LAYERS, kyselyMysql, type DataLayer } from '../support/data-layers.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

let t: SendingApp;
let database: TestDatabase | undefined;
let layer: DataLayer | undefined;

afterEach(async () => {
  await layer?.close();
  await t?.stop();
  await database?.drop();
  layer = database = undefined;
});

/** SQLite in a file: the app has a connection of its own. */
async function databaseOf(kind: DatabaseKind): Promise<TestDatabase> {
  if (kind !== 'sqlite') return createDatabase(kind);
  const folder = await mkdtemp(join(tmpdir(), 'webhooks-'));
  return {
    options: { type: 'better-sqlite3', database: join(folder, 'app.db') },
    drop: () => rm(folder, { recursive: true }),
  };
}

async function start(
  kind: DatabaseKind,
  open?: (at: string) => DataLayer,
  options: SendingAppOptions = {},
): Promise<void> {
  database = await databaseOf(kind);
  t = await sendingApp({ on: database, migrate: true, ...options });
  const { url, database: file } = database.options as { url?: string; database?: string };
  layer = open?.(url ?? file!);
  await t.dataSource.query('CREATE TABLE orders (reference varchar(40))');
  await t.endpoint();
}

const emit = (transaction: WebhooksTransaction, reference: string, more = {}): Promise<{ id: string }> =>
  t.webhooks.emit('post.published', { reference }, { tenant: 'acme', transaction, ...more });

async function outcome(): Promise<{ orders: number; events: number; arrived: string[] }> {
  await t.settled();
  const [{ orders }] = await t.dataSource.query('SELECT count(*) AS orders FROM orders');
  return {
    orders: Number(orders),
    events: await t.dataSource.manager.count(WebhookEvent),
    arrived: t.receiver.arrivals.map(({ body }) => JSON.parse(body).data.reference).toSorted(),
  };
}

describe.each(DATA_LAYERS)('An emit in a transaction of %s, on %s', (_library, kind, open) => {
  it('leaves nothing where that is rolled back', async () => {
    await start(kind, open);
    const failing = layer!.transaction(async ({ run, webhooks }) => {
      await run(`INSERT INTO orders VALUES ('a')`);
      await emit(webhooks, 'a');
      throw new Error('Rolled back.');
    });
    await expect(failing).rejects.toThrow('Rolled back.');
    t.webhooks.wake();
    expect(await outcome()).toEqual({ orders: 0, events: 0, arrived: [] });
  });

  it('is sent once, after the commit and wake(), and not before', async () => {
    await start(kind, open);
    await layer!.transaction(async ({ run, webhooks }) => {
      await run(`INSERT INTO orders VALUES ('a')`);
      await emit(webhooks, `it's "a" – \\ $1 ? {ä}`);
      await emit(webhooks, 'b', { idempotencyKey: 'b' });
      // SQLite lets nobody write meanwhile.
      if (kind !== 'sqlite') t.webhooks.wake();
      await t.settled();
      expect(t.receiver.arrivals).toEqual([]);
    });
    t.webhooks.wake();
    const arrived = ['b', `it's "a" – \\ $1 ? {ä}`];
    expect(await outcome()).toEqual({ orders: 1, events: 2, arrived });
  });

  it('without wake() is left to the next poll of whatever worker, and held by none', async () => {
    await start(kind, open);
    await layer!.transaction(async ({ webhooks }) => void (await emit(webhooks, 'a')));
    const [delivery] = await t.dataSource.manager.find(WebhookDelivery);
    expect(delivery).toMatchObject({ status: 'pending', leaseToken: null });
    expect(await outcome()).toMatchObject({ arrived: [] });
    await t.after(0);
    expect(await outcome()).toMatchObject({ arrived: ['a'] });
  });

  it('with a key that is taken gives the first event, in the same transaction and in later ones', async () => {
    await start(kind, open);
    const ids: string[] = [];
    const once = async ({ webhooks }: { webhooks: WebhooksTransaction }): Promise<void> => {
      ids.push((await emit(webhooks, 'a', { idempotencyKey: 'k' })).id);
      ids.push((await emit(webhooks, 'again', { idempotencyKey: 'k' })).id);
    };
    await layer!.transaction(once);
    await layer!.transaction(once);
    expect(new Set(ids).size).toBe(1);
    t.webhooks.wake();
    expect(await outcome()).toMatchObject({ events: 1, arrived: ['a'] });
  });

  it('refuses what is no transaction', async () => {
    await start(kind, open);
    const refused = async (): Promise<unknown> => layer!.withoutTransaction();
    await expect(refused()).rejects.toMatchObject({ code: 'webhooks/invalid-transaction' });
  });
});

describe('The option transaction of emit', () => {
  const [, , openPg] = DATA_LAYERS[0]!;
  const rows: WebhooksTransaction = { query: async () => [] };

  it.each([
    ['no object', 7, /must be an object \{ query\(sql, parameters\) \} that gives rows, got number/],
    ['no query', {}, /must be an object/],
    [
      'a connection itself',
      { query: () => 0, release: () => 0 },
      /got an object of the class Object.*pgWebhooksTransaction/,
    ],
    ['one of MySQL', { ...rows, dialect: 'mysql' }, /is one of MySQL, and webhooks are stored in PostgreSQL/],
  ])('is refused where it is %s, and nothing is stored', async (_, transaction, message) => {
    await start('postgres');
    const refused = emit(transaction as WebhooksTransaction, 'a');
    await expect(refused).rejects.toMatchObject({
      code: 'webhooks/invalid-emit-option',
      option: 'transaction',
    });
    await expect(refused).rejects.toThrow(message);
    expect(await outcome()).toMatchObject({ events: 0 });
  });

  it('is refused beside a manager, and where it is a manager', async () => {
    await start('postgres');
    const { manager } = t.dataSource;
    await expect(emit(rows, 'a', { manager })).rejects.toThrow('transaction is given beside manager');
    await expect(emit(manager as never, 'a')).rejects.toThrow('Give it as manager.');
  });

  it('fails where its query gives no list, or rows of other names, and says what to write', async () => {
    await start('postgres');
    const code = 'webhooks/transaction-unusable';
    const results = { query: async () => ({ rows: [] }) as never };
    await expect(emit(results, 'a')).rejects.toMatchObject({ code });
    await expect(emit(results, 'a')).rejects.toThrow('must give a list of rows');
    await expect(emit(rows, 'a')).rejects.toMatchObject({ code });
  });

  it('fails where it is of a database of another kind, whose error is the cause', async () => {
    await start('postgres', () => kyselyMysql(process.env.TEST_MARIADB_URL!));
    const failing = layer!.transaction(async ({ webhooks }) => void (await emit(webhooks, 'a')));
    await expect(failing).rejects.toMatchObject({
      code: 'webhooks/transaction-unusable',
      cause: { code: 'ER_PARSE_ERROR' },
    });
  });

  it('hands on other errors of the library, without what was to be stored', async () => {
    await start('postgres', openPg);
    const failing = layer!.transaction(async ({ run, webhooks }) => {
      await run('SELECT 1/0').catch(() => undefined);
      await emit(webhooks, 'a private text');
    });
    await expect(failing).rejects.toMatchObject({ code: '25P02' });
    const shown = await failing.catch(
      (error: unknown) => JSON.stringify(error) + String((error as Error).stack),
    );
    expect(shown).not.toContain('a private text');
  });

  it('may come from the module’s option transaction', async () => {
    let current: WebhooksTransaction | undefined;
    await start('postgres', openPg, {
      webhooks: { transaction: { useFactory: () => () => current } },
    });
    const failing = layer!.transaction(async ({ webhooks }) => {
      current = webhooks;
      await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
      throw new Error('Rolled back.');
    });
    await expect(failing).rejects.toThrow('Rolled back.');
    expect(await outcome()).toMatchObject({ events: 0 });
  });

  it('refuses a client of pg that says it is in no transaction', () => {
    const client = { query: async () => ({ rows: [] }), getTransactionStatus: () => 'I' };
    expect(() => pgWebhooksTransaction(client)).toThrow('the client is in no transaction');
  });
});
