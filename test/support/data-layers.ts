import { createRequire } from 'node:module';
import { sql } from 'drizzle-orm';
import { drizzle as drizzleOfMysql } from 'drizzle-orm/mysql2';
import { drizzle as drizzleOfPg } from 'drizzle-orm/node-postgres';
import {
  CamelCasePlugin,
  Kysely,
  MysqlDialect,
  PostgresDialect,
  SqliteDialect,
  sql as kyselySql,
} from 'kysely';
import type { PostgresPool, SqliteDatabase } from 'kysely';
import { createPool as createCallbackPool } from 'mysql2';
import { createPool } from 'mysql2/promise';
import {
  drizzleWebhooksTransaction,
  kyselyWebhooksTransaction,
  mysql2WebhooksTransaction,
  pgWebhooksTransaction,
  prismaWebhooksTransaction,
  type WebhooksTransaction,
} from 'nestjs-webhooks/transactions';
import type { DatabaseKind } from './databases.js';
import { fetchedLibraries } from './fetched-libraries.js';

interface PgClient {
  query(sql: string, values?: unknown[]): Promise<{ rows: object[] }>;
  release(): void;
}
interface PgPool extends PgClient {
  connect(): Promise<PgClient>;
  end(): Promise<void>;
}
const require = createRequire(import.meta.url);
/** These packages contain no types. */
const Sqlite = require('better-sqlite3') as new (file: string) => SqliteDatabase;
const { Pool: PgPool } = require('pg') as {
  Pool: new (options: { connectionString: string }) => PgPool;
};

/** A transaction of an app, as the app's own statements and ours use it. */
export interface AppsTransaction {
  run(statement: string): Promise<unknown>;
  readonly webhooks: WebhooksTransaction;
}

/** A library that an app uses instead of TypeORM, connected to a database. */
export interface DataLayer {
  /** Rolls back if `work` throws. */
  transaction(work: (transaction: AppsTransaction) => Promise<void>): Promise<void>;
  /** Something that an app may mistake for a transaction. */
  withoutTransaction(): Promise<unknown> | unknown;
  close(): Promise<unknown> | unknown;
}

type Opens = (at: string) => DataLayer;

const pg: Opens = (connectionString) => {
  const pool = new PgPool({ connectionString });
  return {
    transaction: async (work) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await work({
          run: (statement) => client.query(statement),
          webhooks: pgWebhooksTransaction(client),
        });
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
    withoutTransaction: () => pgWebhooksTransaction(pool),
    close: () => pool.end(),
  };
};

const mysql2: Opens = (uri) => {
  const pool = createPool(uri);
  return {
    transaction: async (work) => {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        await work({
          run: (statement) => connection.query(statement),
          webhooks: mysql2WebhooksTransaction(connection),
        });
        await connection.commit();
      } catch (error) {
        await connection.rollback();
        throw error;
      } finally {
        connection.release();
      }
    },
    withoutTransaction: () => mysql2WebhooksTransaction(pool),
    close: () => pool.end(),
  };
};

const drizzlePg: Opens = (connectionString) => {
  const pool = new PgPool({ connectionString });
  const db = drizzleOfPg(pool as never);
  return {
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          run: (statement) => tx.execute(sql.raw(statement)),
          webhooks: drizzleWebhooksTransaction(tx, sql),
        }),
      ),
    withoutTransaction: () => drizzleWebhooksTransaction(db as never, sql),
    close: () => pool.end(),
  };
};

const drizzleMysql: Opens = (uri) => {
  const pool = createPool(uri);
  const db = drizzleOfMysql(pool);
  return {
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          run: (statement) => tx.execute(sql.raw(statement)),
          webhooks: drizzleWebhooksTransaction(tx, sql),
        }),
      ),
    withoutTransaction: () => drizzleWebhooksTransaction(db as never, sql),
    close: () => pool.end(),
  };
};

/** Uses a plugin that renames columns, as many apps do. */
const kysely =
  (dialectOf: (at: string) => PostgresDialect | MysqlDialect | SqliteDialect): Opens =>
  (at) => {
    const db = new Kysely<object>({ dialect: dialectOf(at), plugins: [new CamelCasePlugin()] });
    return {
      transaction: (work) =>
        db.transaction().execute((trx) =>
          work({
            run: (statement) => kyselySql.raw(statement).execute(trx),
            webhooks: kyselyWebhooksTransaction(trx),
          }),
        ),
      withoutTransaction: () => kyselyWebhooksTransaction(db),
      close: () => db.destroy(),
    };
  };

const kyselyPg = kysely(
  (connectionString) =>
    new PostgresDialect({ pool: new PgPool({ connectionString }) as unknown as PostgresPool }),
);
export const kyselyMysql = kysely((uri) => new MysqlDialect({ pool: createCallbackPool(uri) as never }));
const kyselySqlite = kysely((file) => new SqliteDialect({ database: new Sqlite(file) }));

/** The data layers that are no devDependency, or the reason why they are missing. */
export const fetched = await fetchedLibraries();

interface PrismaClient {
  $transaction(work: (tx: PrismaTransaction) => Promise<void>): Promise<void>;
  $queryRawUnsafe<Rows>(statement: string): Promise<Rows>;
  $disconnect(): Promise<void>;
}
type PrismaTransaction = Parameters<typeof prismaWebhooksTransaction>[0];

/** A generated client with a model of the table `orders`. */
export function openPrisma(at: string): PrismaClient {
  const get = fetched as NodeJS.Require;
  const isMysql = at.startsWith('mysql');
  const { PrismaClient } = get(`./generated/${isMysql ? 'mysql' : 'postgresql'}`);
  if (!isMysql) {
    const { PrismaPg } = get('@prisma/adapter-pg');
    return new PrismaClient({ adapter: new PrismaPg({ connectionString: at }) });
  }
  const { PrismaMariaDb } = get('@prisma/adapter-mariadb');
  const { hostname: host, port, username: user, password, pathname } = new URL(at);
  const place = { host, port: Number(port), user, password, database: pathname.slice(1) };
  return new PrismaClient({ adapter: new PrismaMariaDb({ ...place, allowPublicKeyRetrieval: true }) });
}

const prisma: Opens = (at) => {
  const client = openPrisma(at);
  return {
    transaction: (work) =>
      client.$transaction((tx) =>
        work({
          run: async (statement) => tx.$executeRawUnsafe(statement),
          webhooks: prismaWebhooksTransaction(tx),
        }),
      ),
    withoutTransaction: () => prismaWebhooksTransaction(client as never),
    close: () => client.$disconnect(),
  };
};
const PRISMA = [
  ['Prisma', 'postgres', prisma],
  ['Prisma', 'mysql', prisma],
] as const;

/** Each library, with the kinds of database on which the tests run it. */
export const DATA_LAYERS: readonly (readonly [library: string, database: DatabaseKind, open: Opens])[] = [
  ['pg', 'postgres', pg],
  ['mysql2', 'mysql', mysql2],
  ['mysql2', 'mariadb', mysql2],
  ['Drizzle', 'postgres', drizzlePg],
  ['Drizzle', 'mysql', drizzleMysql],
  ['Kysely', 'postgres', kyselyPg],
  ['Kysely', 'mariadb', kyselyMysql],
  ['Kysely', 'sqlite', kyselySqlite],
  ...(typeof fetched === 'string' ? [] : PRISMA),
];
