import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { WebhooksModule, WebhooksService, webhooksMigrations } from 'nestjs-webhooks';
import {
  WebhooksPrivilegesError,
  WebhooksReadOnlyError,
  WebhooksSchemaError,
  WebhooksSchemaUnreadableError,
} from '../../lib/persistence/schema/schema.errors.js';
import { TABLE_NAMES } from '../../lib/persistence/schema/tables.js';
import { bareApp, PLAIN_WEBHOOKS, typeOrm, withDataSource, type BareApp } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { startProcess } from '../support/sending-process.js';

const KINDS = ['sqlite', 'postgres', 'mariadb', 'mysql'] as const;
const SERVERS = ['postgres', 'mariadb', 'mysql'] as const;
const SYNCHRONIZED = { migrations: [], migrationsRun: false, synchronize: true };
const GIVEN = { migrationsRun: false };
const NOT_GIVEN = { migrations: [], migrationsRun: false };

const lastingDatabase = lastingDatabases();

const appOn = (database: TestDatabase, options: object): Promise<BareApp> =>
  bareApp({
    imports: [typeOrm(database, options), WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, tenants: false })],
  });

/** Starts the app, has it store one event and stops it; gives what it has logged. */
async function starts(database: TestDatabase, options: object = GIVEN): Promise<string[]> {
  const { app, logger } = await appOn(database, options);
  await app.get(WebhooksService).emit('post.published', {});
  await app.close();
  // Nest 10 warns of slow machines.
  return logger.matching(/^(warn|error)/).filter((line) => !line.includes('to serialize'));
}

/** Changes a database that has our tables. */
async function changed(
  kind: (typeof KINDS)[number],
  change: (dataSource: DataSource) => Promise<unknown>,
): Promise<TestDatabase> {
  const database = await lastingDatabase(kind);
  await withDataSource(database, async (dataSource) => {
    await dataSource.runMigrations();
    await change(dataSource);
  });
  return database;
}

const dropIndex = (kind: (typeof KINDS)[number], table: string, index: string): string =>
  kind === 'mariadb' || kind === 'mysql' ? `DROP INDEX ${index} ON ${table}` : `DROP INDEX ${index}`;

const indexNames = (dataSource: DataSource, table: string): Promise<string[]> =>
  dataSource
    .createQueryRunner()
    .getTable(table)
    .then((found) => found!.indices.map((index) => index.name!));

const forgetMigrations = (dataSource: DataSource): Promise<unknown> =>
  dataSource.query('DELETE FROM migrations');

/** What a later version may bring: an index alone, in which no column tells that it is missing. */
class AddIndex1900000000000 implements MigrationInterface {
  name = 'AddIndex1900000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX webhook_events_later ON webhook_events (created_at)');
  }

  async down(): Promise<void> {}
}

describe.each(KINDS)('The start on %s', (kind) => {
  describe('with a later migration that no column tells of', () => {
    afterEach(() => {
      webhooksMigrations.splice(webhooksMigrations.indexOf(AddIndex1900000000000), 1);
    });
    const upgrade = (): void => void webhooksMigrations.push(AddIndex1900000000000);

    it('runs it where the app synchronizes, once', async () => {
      const database = await lastingDatabase(kind);
      await starts(database, SYNCHRONIZED);
      upgrade();
      await starts(database, SYNCHRONIZED);
      await starts(database, SYNCHRONIZED);
      await withDataSource(database, async (dataSource) => {
        expect(await indexNames(dataSource, 'webhook_events')).toContain('webhook_events_later');
      });
    });

    it.each([
      ['given, but not run', GIVEN, 'Run the migrations of your DataSource'],
      ['not given', NOT_GIVEN, 'Add webhooksMigrations to the migrations of your DataSource'],
    ])('names it where it is %s', async (_, options, advice) => {
      const database = await changed(kind, async () => upgrade());
      const start = appOn(database, options);
      await expect(start).rejects.toThrow(WebhooksSchemaError);
      await expect(start).rejects.toThrow(
        `Migrations of nestjs-webhooks have not run on this database: AddIndex1900000000000. ${advice}`,
      );
    });
  });

  it('accepts tables that were created without a migrations table', async () => {
    const database = await changed(kind, (dataSource) => dataSource.query('DROP TABLE migrations'));
    expect(await starts(database, NOT_GIVEN)).toEqual([]);
  });

  it.each([
    ['webhook_events', 'webhook_events_idempotency'],
    ['webhook_deliveries', 'webhook_deliveries_pair'],
  ])('refuses %s without its unique key %s, which its message makes again', async (table, index) => {
    const database = await changed(kind, (dataSource) => dataSource.query(dropIndex(kind, table, index)));
    const error = await starts(database).catch((reason: WebhooksSchemaError) => reason);
    expect(error).toBeInstanceOf(WebhooksSchemaError);
    const message = (error as WebhooksSchemaError).message;
    expect(message).toContain(
      `The table '${table}' has no index ${index} any more. Statements fail without it`,
    );
    const statement = /Make it again: (.*)$/.exec(message)![1]!;
    await withDataSource(database, (dataSource) => dataSource.query(statement));
    expect(await starts(database)).toEqual([]);
  });

  it('warns of a lost index that only makes it slow, with the statement that makes it again', async () => {
    const drop = dropIndex(kind, 'webhook_stats', 'webhook_stats_hour');
    const database = await changed(kind, (dataSource) => dataSource.query(drop));
    const [warning, ...others] = await starts(database);
    expect(others).toEqual([]);
    expect(warning).toContain("The table 'webhook_stats' has no index webhook_stats_hour any more");
    const statement = /Make it again: (.*)$/.exec(warning!)![1]!;
    await withDataSource(database, (dataSource) => dataSource.query(statement));
    expect(await starts(database)).toEqual([]);
  });

  it('names columns that are missing', async () => {
    const database = await changed(kind, (dataSource) =>
      dataSource.query('ALTER TABLE webhook_deliveries RENAME COLUMN lease_token TO away'),
    );
    await expect(starts(database)).rejects.toThrow(
      "The table 'webhook_deliveries' lacks the columns lease_token.",
    );
  });

  it('does not advise to run migrations that have run, and its advice makes a lost table again', async () => {
    const database = await changed(kind, (dataSource) => dataSource.query('DROP TABLE webhook_attempts'));
    const start = starts(database);
    await expect(start).rejects.toThrow(
      "The table 'webhook_attempts' is missing. The table 'migrations' says that they were made",
    );
    await expect(start).rejects.toThrow(
      /delete CreateWebhooks1700000000000.* from that table and run the migrations/,
    );
    await withDataSource(database, async (dataSource) => {
      await forgetMigrations(dataSource);
      await dataSource.runMigrations();
    });
    expect(await starts(database)).toEqual([]);
  });

  it('goes on with a first migration that stopped half-way', async () => {
    const database = await changed(kind, async (dataSource) => {
      await dataSource.query('DROP TABLE webhook_attempts');
      await dataSource.query('DROP TABLE webhook_stats');
      await dataSource.query(dropIndex(kind, 'webhook_events', 'webhook_events_idempotency'));
      await forgetMigrations(dataSource);
    });
    expect(await starts(database, { migrationsRun: true })).toEqual([]);
  });
});

describe.each(daily(['postgres', 'mysql'], 'mariadb'))(
  'Several processes that start at once on an empty %s',
  (kind) => {
    it.each([
      ['synchronize', SYNCHRONIZED],
      ['migrations in one transaction', { migrationsRun: true }],
      ['migrations without a transaction', { migrationsRun: true, migrationsTransactionMode: 'none' }],
    ])('make the tables once, by %s', async (how, options) => {
      const database = await lastingDatabase(kind);
      if (how !== 'synchronize') {
        // TypeORM makes its own table without a lock, as an app has it that has run migrations before.
        await withDataSource(database, (dataSource) => dataSource.runMigrations(), {
          migrations: [Nothing1600000000000],
        });
      }
      const apps = await Promise.all(Array.from({ length: 4 }, () => appOn(database, options)));
      await Promise.all(apps.map(({ app }) => app.get(WebhooksService).emit('post.published', {})));
      await Promise.all(apps.map(({ app }) => app.close()));
      await withDataSource(database, async (dataSource) => {
        expect(await dataSource.showMigrations()).toBe(false);
      });
    });
  },
);

class Nothing1600000000000 implements MigrationInterface {
  async up(): Promise<void> {}
  async down(): Promise<void> {}
}

describe('Several processes that start at once on an empty SQLite file', () => {
  it.each([
    ['synchronize', { synchronize: true }],
    ['migrations', { migrationsRun: true }],
  ])('make the tables once, by %s', async (_, options) => {
    const database = await lastingDatabase('sqlite');
    if (!('synchronize' in options)) {
      await withDataSource(database, (dataSource) => dataSource.runMigrations(), {
        migrations: [Nothing1600000000000],
      });
    }
    const start = (): ReturnType<typeof startProcess> =>
      startProcess(
        { ...database.options, ...options, retryAttempts: 0 } as object as TestDatabase['options'],
        {
          events: { 'post.published': {} },
        },
      );
    const processes = await Promise.all([start(), start(), start()]);
    await Promise.all(processes.map((process) => process.kill()));
    expect(await starts(database)).toEqual([]);
  });
});

describe('The privileges of the database user', () => {
  /** A database with our tables, and a user of it who has what `grants` say. */
  async function asUser(kind: (typeof SERVERS)[number], grants: string[]): Promise<TestDatabase> {
    const user = `limited_${randomBytes(4).toString('hex')}`;
    const database = await changed(kind, async (dataSource) => {
      const isPostgres = kind === 'postgres';
      await dataSource.query(isPostgres ? 'CREATE SCHEMA hidden' : 'CREATE TABLE nothing (id int)');
      await dataSource.query(`CREATE ${isPostgres ? `ROLE ${user} LOGIN` : `USER '${user}'@'%'`}`);
      for (const grant of grants) {
        await dataSource.query(`GRANT ${grant} TO ${isPostgres ? user : `'${user}'@'%'`}`);
      }
      users.push({ kind, user });
    });
    const url = new URL((database.options as { url: string }).url);
    url.username = user;
    return { ...database, options: { ...database.options, url: url.href } as TestDatabase['options'] };
  }

  const users: { kind: (typeof SERVERS)[number]; user: string }[] = [];
  afterAll(async () => {
    for (const { kind, user } of users) {
      const database = await createDatabase(kind);
      await withDataSource(database, (dataSource) =>
        dataSource.query(kind === 'postgres' ? `DROP ROLE IF EXISTS ${user}` : `DROP USER '${user}'@'%'`),
      );
      await database.drop();
    }
  });

  const tables = TABLE_NAMES.filter((name) => name !== 'webhook_attempts');
  const all = [...tables, 'webhook_attempts'].map((table) => `SELECT, INSERT, UPDATE, DELETE ON ${table}`);
  const most = tables.map((table) => `SELECT, INSERT, UPDATE, DELETE ON ${table}`);

  it.each(SERVERS)('on %s, are named if some are missing', async (kind) => {
    const database = await asUser(kind, [...most, 'SELECT ON webhook_attempts', 'SELECT ON migrations']);
    const start = starts(database);
    await expect(start).rejects.toThrow(WebhooksPrivilegesError);
    await expect(start).rejects.toMatchObject({
      missing: ['INSERT on webhook_attempts', 'DELETE on webhook_attempts'],
    });
  });

  it.each(SERVERS)('on %s, suffice without the right to create tables', async (kind) => {
    expect(await starts(await asUser(kind, [...all, 'SELECT ON migrations']))).toEqual([]);
  });

  it('on PostgreSQL, are reported if they hide which migrations have run', async () => {
    expect(await starts(await asUser('postgres', all))).toEqual([
      expect.stringContaining("may not read the table 'migrations'") as string,
    ]);
  });

  it.each(SERVERS)(
    'on %s, are named if all are missing, instead of reporting missing tables',
    async (kind) => {
      const start = starts(await asUser(kind, kind === 'postgres' ? [] : ['CREATE ON nothing']));
      await expect(start).rejects.toThrow(WebhooksPrivilegesError);
      await expect(start).rejects.toThrow(
        'lacks privileges: SELECT on webhook_endpoints, INSERT on webhook_endpoints',
      );
    },
  );

  it('lead to the database’s own error if they leave out the schema of the tables', async () => {
    const start = starts(await asUser('postgres', []), { ...GIVEN, schema: 'hidden' });
    await expect(start).rejects.toThrow(WebhooksSchemaUnreadableError);
    await expect(start).rejects.toThrow('permission denied for schema hidden');
  });
});

describe('A check that fails', () => {
  it('is reported as a timeout, if that is the cause', async () => {
    const database = await changed('postgres', async () => undefined);
    await withDataSource(database, (dataSource) =>
      dataSource.transaction(async (manager) => {
        await manager.query('LOCK TABLE migrations');
        const start = starts(database, { ...GIVEN, extra: { options: '-c lock_timeout=50' } });
        await expect(start).rejects.toThrow(WebhooksSchemaUnreadableError);
        await expect(start).rejects.toThrow('canceling statement due to lock timeout');
      }),
    );
  });

  it('is reported as a read-only file, if that is the cause', async () => {
    const database = await changed('sqlite', async () => undefined);
    await expect(starts(database, { ...GIVEN, readonly: true })).rejects.toThrow(WebhooksReadOnlyError);
  });
});

describe('A MySQL whose columns were converted to another collation', () => {
  it.each(['mariadb', 'mysql'] as const)('keeps the app from starting on %s', async (kind) => {
    const database = await changed(kind, (dataSource) =>
      dataSource.query(
        'ALTER TABLE webhook_endpoints CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
      ),
    );
    await expect(starts(database)).rejects.toThrow(
      "The table 'webhook_endpoints' has columns whose collation takes different texts for the same, so that tenants would",
    );
  });
});

describe('The tables of a PostgreSQL app', () => {
  it('are found by a transaction that has another search_path', async () => {
    const database = await changed('postgres', (dataSource) => dataSource.query('CREATE SCHEMA tenant_1'));
    const { app } = await appOn(database, GIVEN);
    const webhooks = app.get(WebhooksService);
    const event = await app.get(DataSource).transaction(async (manager) => {
      await manager.query('SET LOCAL search_path = tenant_1');
      return webhooks.emit('post.published', {}, { manager });
    });
    expect(await webhooks.events.get('', event.id)).toMatchObject({ id: event.id });
    await app.close();
  });
});
