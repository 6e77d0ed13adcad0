import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Test } from '@nestjs/testing';
import * as drizzleOrm from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import * as pgCore from 'drizzle-orm/pg-core';
import { Kysely, PostgresDialect } from 'kysely';
import { createPool } from 'mysql2/promise';
import * as nestjsWebhooks from 'nestjs-webhooks';
import { WebhookEvent, WebhooksService } from 'nestjs-webhooks';
import * as transactions from 'nestjs-webhooks/transactions';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fetched, openPrisma } from '../support/data-layers.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { snippetUnder } from '../support/snippet-folder.js';

/** Ships no types, and the fetched libraries are not known when this is checked. */
// oxlint-disable-next-line typescript/no-explicit-any
type Untyped = any;
type Pay = (webhooks: WebhooksService, id: string) => Promise<void>;
interface Opened {
  readonly pay: Pay;
  close(): Promise<unknown>;
}

const PAGE = readFileSync(new URL('../../docs/how-to/other-data-layers.md', import.meta.url), 'utf8');
const MODULES: Readonly<Record<string, object>> = {
  'nestjs-webhooks': nestjsWebhooks,
  'nestjs-webhooks/transactions': transactions,
  'drizzle-orm': drizzleOrm,
  'drizzle-orm/pg-core': pgCore,
};
const require = createRequire(import.meta.url);
const { Pool } = require('pg') as Untyped;
const get = (name: string): Untyped => (fetched as NodeJS.Require)(name);

/** What an example of the page exports. */
function exampleUnder(heading: string): Untyped {
  const { outputText } = ts.transpileModule(snippetUnder(PAGE, heading), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported = {};
  const required = (name: string): unknown => MODULES[name] ?? require(name);
  new Function('require', 'exports', outputText)(required, exported);
  return exported;
}

/** What the page leaves to the reader, whose library it only says how to make a transaction of. */
const emitIn = (webhooks: WebhooksService, id: string, transaction: transactions.WebhooksTransaction) =>
  webhooks.emit('order.paid', { order_id: id }, { tenant: 'acme', transaction });

const POSTGRES: Readonly<Record<string, (at: string) => Opened | Promise<Opened>>> = {
  pg: (connectionString) => {
    const pool = new Pool({ connectionString });
    return { pay: (...given) => exampleUnder('pg').pay(pool, ...given), close: () => pool.end() };
  },
  Drizzle: (connectionString) => {
    const pool = new Pool({ connectionString });
    const db = drizzle(pool);
    return { pay: (...given) => exampleUnder('Drizzle').pay(db, ...given), close: () => pool.end() };
  },
  Kysely: (connectionString) => {
    const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ connectionString }) }) });
    return { pay: (...given) => exampleUnder('Kysely').pay(db, ...given), close: () => db.destroy() };
  },
};
const POSTGRES_FETCHED: typeof POSTGRES = {
  Prisma: (connectionString) => {
    const prisma = openPrisma(connectionString);
    return {
      pay: (...given) => exampleUnder('Prisma').pay(prisma, ...given),
      close: () => prisma.$disconnect(),
    };
  },
  Knex: (connection) => {
    const knex = get('knex')({ client: 'pg', connection });
    return {
      pay: async (webhooks, id) => {
        await knex.transaction(async (trx: Untyped) => {
          await trx('orders').where({ id }).update({ status: 'paid' });
          await emitIn(webhooks, id, exampleUnder('Knex').knexTransaction(trx));
        });
        webhooks.wake();
      },
      close: () => knex.destroy(),
    };
  },
  'postgres.js': (at) => {
    const sql = get('postgres')(at, { max: 1 });
    return {
      pay: async (webhooks, id) => {
        await sql.begin(async (tx: Untyped) => {
          await tx`UPDATE orders SET status = 'paid' WHERE id = ${id}`;
          await emitIn(webhooks, id, exampleUnder('postgres.js').postgresTransaction(tx));
        });
        webhooks.wake();
      },
      close: () => sql.end(),
    };
  },
  MikroORM: async (clientUrl) => {
    const { EntitySchema, MikroORM } = get('@mikro-orm/postgresql');
    const properties = { id: { type: 'string', primary: true }, status: { type: 'string' } };
    const Order = new EntitySchema({ name: 'Order', tableName: 'orders', properties });
    const orm = await MikroORM.init({ clientUrl, entities: [Order], metadataCache: { enabled: false } });
    return {
      pay: async (webhooks, id) => {
        await orm.em.fork().transactional(async (em: Untyped) => {
          await em.nativeUpdate('Order', { id }, { status: 'paid' });
          await emitIn(webhooks, id, exampleUnder('MikroORM').mikroOrmTransaction(em));
        });
        webhooks.wake();
      },
      close: () => orm.close(),
    };
  },
};
const MYSQL: typeof POSTGRES = {
  mysql2: (uri) => {
    const pool = createPool(uri);
    return { pay: (...given) => exampleUnder('mysql2').pay(pool, ...given), close: () => pool.end() };
  },
};
const MYSQL_FETCHED: typeof POSTGRES = {
  Prisma: (at) => {
    const prisma = openPrisma(at);
    return {
      pay: (...given) => exampleUnder('Prisma').pay(prisma, ...given),
      close: () => prisma.$disconnect(),
    };
  },
  Knex: (connection) => {
    const knex = get('knex')({ client: 'mysql2', connection });
    return {
      pay: async (webhooks, id) => {
        await knex.transaction(async (trx: Untyped) => {
          await trx('orders').where({ id }).update({ status: 'paid' });
          await emitIn(webhooks, id, exampleUnder('Knex').knexTransactionOfMysql(trx));
        });
        webhooks.wake();
      },
      close: () => knex.destroy(),
    };
  },
};

const urlOf = ({ options }: TestDatabase): string => String('url' in options && options.url);

describe.each([
  ['postgres', POSTGRES, POSTGRES_FETCHED],
  ['mysql', MYSQL, MYSQL_FETCHED],
  ['mariadb', {}, MYSQL_FETCHED],
] as const)(
  'The example of docs/how-to/other-data-layers.md on %s, run with the real',
  (kind, own, others) => {
    let database: TestDatabase;
    let t: SendingApp;
    let opened: Opened | undefined;

    beforeAll(async () => {
      database = await createDatabase(kind);
      t = await sendingApp({ on: database, migrate: true, webhooks: { events: { 'order.paid': {} } } });
      await t.dataSource.query('CREATE TABLE orders (id varchar(40) PRIMARY KEY, status varchar(40))');
      await t.endpoint({ events: ['order.paid'] });
      await t.settled();
    });
    afterEach(async () => {
      await opened?.close();
      opened = undefined;
      for (const table of ['orders', 'webhook_attempts', 'webhook_deliveries', 'webhook_events'])
        await t.dataSource.query(`DELETE FROM ${table}`);
      t.receiver.arrivals.length = 0;
    });
    afterAll(async () => {
      await t?.stop();
      await database?.drop();
    });

    const outcome = async (): Promise<object> => {
      await t.settled();
      const [order] = await t.dataSource.query('SELECT status FROM orders');
      return {
        order: order.status,
        events: await t.dataSource.manager.count(WebhookEvent),
        arrived: t.receiver.arrivals.map(({ body }) => JSON.parse(body).data.order_id),
      };
    };

    const libraries = [...Object.keys(own), ...Object.keys(others)];
    it.for(libraries)('%s, commits and rolls back', async (library, { skip }) => {
      if (!(library in own) && typeof fetched === 'string') skip(fetched);
      opened = await (own as typeof POSTGRES)[library]?.(urlOf(database));
      opened ??= await (others as typeof POSTGRES)[library]!(urlOf(database));
      await t.dataSource.query(`INSERT INTO orders VALUES ('a', 'open')`);

      const failing = {
        emit: async (...given: Parameters<WebhooksService['emit']>) => {
          await t.webhooks.emit(...given);
          throw new Error('Rolled back.');
        },
      } as unknown as WebhooksService;
      await expect(opened.pay(failing, 'a')).rejects.toThrow('Rolled back.');
      t.webhooks.wake();
      expect(await outcome()).toEqual({ order: 'open', events: 0, arrived: [] });

      await opened.pay(t.webhooks, 'a');
      expect(await outcome()).toEqual({ order: 'paid', events: 1, arrived: ['a'] });
    });
  },
);

describe('The example of docs/how-to/other-data-layers.md of a transaction in an AsyncLocalStorage', () => {
  it.skipIf(typeof fetched === 'string')('joins that of Prisma, where there is one', async () => {
    const database = await createDatabase('postgres');
    const before = process.env.DATABASE_URL;
    process.env.DATABASE_URL = urlOf(database);
    try {
      const { current, webhooks: module } = exampleUnder('A transaction in an `AsyncLocalStorage`');
      const app = await (await Test.createTestingModule({ imports: [module] }).compile()).init();
      const webhooks = app.get(WebhooksService);
      const prisma: Untyped = openPrisma(urlOf(database));
      const stored = async (): Promise<number> =>
        (await prisma.$queryRawUnsafe('SELECT count(*)::int AS n FROM webhook_events'))[0].n;
      const failing = prisma.$transaction((tx: Untyped) =>
        current.run(tx, async () => {
          await webhooks.emit('order.paid', { order_id: 'a' });
          throw new Error('Rolled back.');
        }),
      );
      await expect(failing).rejects.toThrow('Rolled back.');
      expect(await stored()).toBe(0);
      await prisma.$transaction((tx: Untyped) =>
        current.run(tx, () => webhooks.emit('order.paid', { order_id: 'a' })),
      );
      expect(await stored()).toBe(1);
      await webhooks.emit('order.paid', { order_id: 'b' });
      expect(await stored()).toBe(2);
      await prisma.$disconnect();
      await app.close();
    } finally {
      if (before === undefined) delete process.env.DATABASE_URL;
      else process.env.DATABASE_URL = before;
      await database.drop();
    }
  });
});
