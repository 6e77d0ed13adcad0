import { inspect } from 'node:util';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  EmitsWebhook,
  WebhookDelivery,
  WebhookEvent,
  WebhooksModule,
  WebhooksService,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import {
  pgWebhooksTransaction,
  prismaWebhooksTransaction,
  type WebhooksTransaction,
} from 'nestjs-webhooks/transactions';
import { provideWebhookEmitter } from 'nestjs-webhooks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DATA_LAYERS, kyselyMysql, type DataLayer } from '../support/data-layers.js';
import type { DatabaseKind, TestDatabase } from '../support/databases.js';
import { createDatabase } from '../support/databases.js';
import { sqliteFile } from '../support/lasting-database.js';
import { Receiver } from '../support/receiver.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

let t: SendingApp;
let database: TestDatabase;
let layer: DataLayer;

const createOn = (kind: DatabaseKind): Promise<TestDatabase> =>
  kind === 'sqlite' ? sqliteFile() : createDatabase(kind);

const placeOf = ({ options }: TestDatabase): string =>
  'url' in options ? options.url! : (options as { database: string }).database;

/** One app for all tests of a group, which each leave it as it was. */
function anAppOn(kind: DatabaseKind, open: (at: string) => DataLayer, options: SendingAppOptions = {}): void {
  beforeAll(async () => {
    database = await createOn(kind);
    t = await sendingApp({ on: database, migrate: true, ...options });
    layer = open(placeOf(database));
    await t.dataSource.query('CREATE TABLE orders (reference varchar(40))');
    await t.endpoint();
    // The worker's first look at SQLite would wait for the transaction of a test.
    await t.settled();
  });

  afterEach(async () => {
    await t.settled();
    t.receiver.arrivals.length = 0;
    for (const table of ['orders', 'webhook_attempts', 'webhook_deliveries', 'webhook_events'])
      await t.dataSource.query(`DELETE FROM ${table}`);
  });

  afterAll(async () => {
    await layer?.close();
    await t?.stop();
    await database?.drop();
  });
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
  anAppOn(kind, open);

  it('leaves nothing where that is rolled back', async () => {
    const failing = layer.transaction(async ({ run, webhooks }) => {
      await run(`INSERT INTO orders VALUES ('a')`);
      await emit(webhooks, 'a');
      throw new Error('Rolled back.');
    });
    await expect(failing).rejects.toThrow('Rolled back.');
    t.webhooks.wake();
    expect(await outcome()).toEqual({ orders: 0, events: 0, arrived: [] });
  });

  it('is sent once, after the commit and wake(), and not before', async () => {
    await layer.transaction(async ({ run, webhooks }) => {
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

  it('without wake() is sent at the next poll of any worker, and leased by none before', async () => {
    await layer.transaction(async ({ webhooks }) => void (await emit(webhooks, 'a')));
    const [delivery] = await t.dataSource.manager.find(WebhookDelivery);
    expect(delivery).toMatchObject({ status: 'pending', leaseToken: null });
    expect(await outcome()).toMatchObject({ arrived: [] });
    await t.after(0);
    expect(await outcome()).toMatchObject({ arrived: ['a'] });
  });

  it('with a key that is taken gives the first event, in the same transaction and in later ones', async () => {
    const ids: string[] = [];
    const once = async ({ webhooks }: { webhooks: WebhooksTransaction }): Promise<void> => {
      ids.push((await emit(webhooks, 'a', { idempotencyKey: 'k' })).id);
      ids.push((await emit(webhooks, 'again', { idempotencyKey: 'k' })).id);
    };
    await layer.transaction(once);
    await layer.transaction(once);
    expect(new Set(ids).size).toBe(1);
    t.webhooks.wake();
    expect(await outcome()).toMatchObject({ events: 1, arrived: ['a'] });
  });

  it('refuses what is no transaction', async () => {
    const refused = async (): Promise<unknown> => layer.withoutTransaction();
    await expect(refused()).rejects.toMatchObject({ code: 'webhooks/invalid-transaction' });
  });
});

describe('The option transaction of emit', () => {
  const [, , openPg] = DATA_LAYERS[0]!;
  const [, , openDrizzle] = DATA_LAYERS[3]!;
  const rows: WebhooksTransaction = { query: async () => [] };
  let current: WebhooksTransaction | undefined;
  anAppOn('postgres', openPg, { webhooks: { transaction: { useFactory: () => () => current } } });

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
    const refused = emit(transaction as WebhooksTransaction, 'a');
    await expect(refused).rejects.toMatchObject({
      code: 'webhooks/invalid-emit-option',
      option: 'transaction',
    });
    await expect(refused).rejects.toThrow(message);
    expect(await outcome()).toMatchObject({ events: 0 });
  });

  it('is refused beside a manager, and where it is a manager', async () => {
    const { manager } = t.dataSource;
    await expect(emit(rows, 'a', { manager })).rejects.toThrow('transaction is given beside manager');
    await expect(emit(manager as never, 'a')).rejects.toThrow('Give it as manager.');
  });

  it('fails where its query gives no list, or rows of other names, and says what to write', async () => {
    const code = 'webhooks/transaction-unusable';
    const results = { query: async () => ({ rows: [] }) as never };
    await expect(emit(results, 'a')).rejects.toMatchObject({ code });
    await expect(emit(results, 'a')).rejects.toThrow('must give a list of rows');
    await expect(emit(rows, 'a')).rejects.toMatchObject({ code });
  });

  it('fails where it is of a database of another kind, whose error is the cause', async () => {
    const other = kyselyMysql(process.env.TEST_MARIADB_URL!);
    const failing = other.transaction(async ({ webhooks }) => void (await emit(webhooks, 'a')));
    await expect(failing.finally(() => other.close())).rejects.toMatchObject({
      code: 'webhooks/transaction-unusable',
      cause: { code: 'ER_PARSE_ERROR' },
    });
  });

  it('passes on other errors of the library without the stored values, which Drizzle adds to its messages', async () => {
    const drizzle = openDrizzle(placeOf(database));
    const failing = drizzle.transaction(async ({ run, webhooks }) => {
      await run('SELECT 1/0').catch(() => undefined);
      await emit(webhooks, 'a private text');
    });
    const error = await failing.catch((one: unknown) => one as Error & { cause: { code: string } });
    await drizzle.close();
    expect(error).toMatchObject({ cause: { code: '25P02' } });
    expect(inspect(error)).not.toContain('a private text');
  });

  it('may come from the module’s option transaction', async () => {
    const failing = layer.transaction(async ({ webhooks }) => {
      current = webhooks;
      await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
      throw new Error('Rolled back.');
    });
    await expect(failing.finally(() => (current = undefined))).rejects.toThrow('Rolled back.');
    expect(await outcome()).toMatchObject({ events: 0 });
  });

  /** Its packages are large, and its command line fetches a program: what stands here is what its tx has. */
  it('is taken by @EmitsWebhook, of what its method was given', async () => {
    class Orders {
      @EmitsWebhook('post.published', {
        data: () => ({ reference: 'a' }),
        tenant: 'acme',
        transaction: (_: unknown, transaction: WebhooksTransaction) => transaction,
      })
      async pay(_transaction: WebhooksTransaction): Promise<void> {}
    }
    const orders = new Orders();
    provideWebhookEmitter(orders, t.webhooks);
    const failing = layer.transaction(async ({ webhooks }) => {
      await orders.pay(webhooks);
      throw new Error('Rolled back.');
    });
    await expect(failing).rejects.toThrow('Rolled back.');
    expect(await outcome()).toMatchObject({ events: 0 });
    await layer.transaction(({ webhooks }) => orders.pay(webhooks));
    t.webhooks.wake();
    expect(await outcome()).toMatchObject({ events: 1, arrived: ['a'] });
  });

  it('accepts Prisma’s tx, and refuses Prisma’s client', async () => {
    await layer.transaction(async ({ webhooks }) => {
      const query = (sql: string, ...values: unknown[]): Promise<unknown> => webhooks.query(sql, values);
      const tx = { $queryRawUnsafe: query, $executeRawUnsafe: query };
      expect(() => prismaWebhooksTransaction({ ...tx, $connect: query } as never)).toThrow('got the client');
      await emit(prismaWebhooksTransaction(tx), 'a');
    });
    t.webhooks.wake();
    expect(await outcome()).toMatchObject({ events: 1, arrived: ['a'] });
  });

  it('refuses a client of pg that says it is in no transaction', () => {
    const client = { query: async () => ({ rows: [] }), getTransactionStatus: () => 'I' };
    expect(() => pgWebhooksTransaction(client)).toThrow('the client is in no transaction');
  });
});

describe('The option database', () => {
  const api = { public: true } as const;
  let app: INestApplication | undefined;
  let receiver: Receiver | undefined;
  let place: TestDatabase | undefined;

  afterEach(async () => {
    await app?.close();
    await receiver?.stop();
    await place?.drop();
    app = receiver = place = undefined;
  });

  async function startOn(at: string): Promise<WebhooksService> {
    const options: WebhooksModuleOptions = {
      database: at,
      events: { 'post.published': {} },
      api,
      network: { allowHttp: true, allowPrivateNetworks: true },
    };
    const module = await Test.createTestingModule({ imports: [WebhooksModule.forRoot(options)] }).compile();
    app = module.createNestApplication({ logger: false });
    await app.init();
    return app.get(WebhooksService);
  }

  it.each([
    ['postgres', DATA_LAYERS[0]![2]],
    ['mysql', DATA_LAYERS[1]![2]],
    ['sqlite', DATA_LAYERS.find(([, kind]) => kind === 'sqlite')![2]],
  ] as const)(
    'is all that an app without TypeORM needs, on %s, also when it starts again',
    async (kind, open) => {
      place = await createOn(kind);
      const at = placeOf(place);
      receiver = await Receiver.start();
      let webhooks = await startOn(kind === 'sqlite' ? `file:${at}` : at);
      await webhooks.endpoints.create('', { name: 'One', url: `${receiver.url}/hook`, events: ['*'] });
      await app!.close();
      webhooks = await startOn(kind === 'sqlite' ? `file:${at}` : at);
      const own = open(at);
      await own.transaction(async ({ webhooks: transaction }) => {
        await webhooks.emit('post.published', { id: 'a' }, { transaction });
      });
      await own.close();
      webhooks.wake();
      const [arrival] = await receiver.received(1);
      expect(JSON.parse(arrival!.body)).toMatchObject({ data: { id: 'a' } });
    },
  );

  it('puts the tables where the schema of a PostgreSQL URL says, and makes it where there is none', async () => {
    place = await createDatabase('postgres');
    const own = DATA_LAYERS[0]![2](placeOf(place));
    const webhooks = await startOn(`${placeOf(place)}?schema=app`);
    await own.transaction(async ({ run, webhooks: transaction }) => {
      await webhooks.emit('post.published', {}, { transaction });
      expect(await run('SELECT count(*)::int AS events FROM app.webhook_events')).toMatchObject({
        rows: [{ events: 1 }],
      });
    });
    await own.close();
  });

  it.each([
    [undefined, 'must be the URL of a database, such as process.env.DATABASE_URL, got undefined.'],
    ['', 'got an empty text.'],
    ['localhost/app', 'is no URL.'],
    ['mongodb://user:secret@host/app', 'begins with mongodb:, and must begin with'],
    ['mysql://host/app?ssl-mode=REQUIRED', 'has the parameter ssl-mode, which is not read'],
  ])('is refused where it is %s', (given, message) => {
    const options = { database: given, api } as WebhooksModuleOptions;
    const make = (): unknown => WebhooksModule.forRoot(options);
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ option: 'database' }));
    expect(make).not.toThrow('secret');
  });

  it('is refused beside dataSource', () => {
    const make = (): unknown => WebhooksModule.forRoot({ database: 'file:a', dataSource: 'b', api });
    expect(make).toThrow('is given beside dataSource');
  });
});
