import { describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import {
  webhooksEntities,
  webhooksMigrations,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEvent,
  WebhooksModule,
  WebhooksService,
} from 'nestjs-webhooks';
import { bareApp, PLAIN_WEBHOOKS, typeOrm, withDataSource, type BareApp } from '../support/bare-app.js';
import type { TestDatabase } from '../support/databases.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { Receiver } from '../support/receiver.js';

const TABLES = [
  'webhook_attempts',
  'webhook_audit',
  'webhook_deliveries',
  'webhook_endpoints',
  'webhook_events',
  'webhook_jobs',
  'webhook_minutes',
  'webhook_pauses',
  'webhook_stats',
  'webhook_tenant_settings',
  'webhook_workers',
];
const KINDS = ['sqlite', 'postgres', 'mariadb', 'mysql'] as const;

const lastingDatabase = lastingDatabases();

const appOn = (database: TestDatabase, options: object): Promise<BareApp> =>
  bareApp({ imports: [typeOrm(database, options), WebhooksModule.forRoot(PLAIN_WEBHOOKS)] });

/** Starts the app, lets it deliver one webhook and stops it. */
async function delivers(database: TestDatabase, options: object): Promise<void> {
  const { app } = await appOn(database, options);
  const receiver = await Receiver.start();
  const webhooks = app.get(WebhooksService);
  await webhooks.endpoints.create('', { name: 'Receiver', url: receiver.url, events: ['post.*'] });
  await webhooks.emit('post.published', {});
  await receiver.received(1);
  await app.close();
  await receiver.stop();
}

const MYSQL_TABLES = `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()`;
const TABLE_LISTS = {
  sqlite: `SELECT name FROM sqlite_master WHERE type = 'table'`,
  postgres: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  mariadb: MYSQL_TABLES,
  mysql: MYSQL_TABLES,
};

async function ourTables(dataSource: DataSource, kind: (typeof KINDS)[number]): Promise<string[]> {
  const rows: { name: string }[] = await dataSource.query(TABLE_LISTS[kind]);
  return rows
    .map(({ name }) => name)
    .filter((name) => name.includes('webhook_'))
    .sort();
}

/** Names, and which of them may be null, as the database has them. */
async function columnsOf(dataSource: DataSource, table: string): Promise<Record<string, boolean>> {
  const queryRunner = dataSource.createQueryRunner();
  const found = await queryRunner.getTable(table);
  await queryRunner.release();
  return Object.fromEntries(found!.columns.map(({ name, isNullable }) => [name, isNullable]));
}

describe.each(KINDS)('The schema on %s', (kind) => {
  it('comes from the migrations with the columns that the entities have', async () => {
    await withDataSource(await lastingDatabase(kind), async (dataSource) => {
      await dataSource.runMigrations();
      for (const { tablePath, columns } of webhooksEntities.map((entity) => dataSource.getMetadata(entity))) {
        expect(await columnsOf(dataSource, tablePath)).toEqual(
          Object.fromEntries(columns.map(({ databaseName, isNullable }) => [databaseName, isNullable])),
        );
      }
    });
  });

  it('goes without a trace when the migrations are undone, and comes again', async () => {
    await withDataSource(await lastingDatabase(kind), async (dataSource) => {
      const applied = await dataSource.runMigrations();
      expect(await ourTables(dataSource, kind)).toEqual(TABLES);
      for (const _ of applied) await dataSource.undoLastMigration();
      expect(await ourTables(dataSource, kind)).toEqual([]);
      expect(await dataSource.runMigrations()).toHaveLength(applied.length);
      expect(await ourTables(dataSource, kind)).toEqual(TABLES);
    });
  });

  it('of the versions before gets what is new, and can go back', async () => {
    const database = await lastingDatabase(kind);
    await withDataSource(database, async (dataSource) => {
      await dataSource.runMigrations();
      const columns = async (): Promise<object> => ({
        ...(await columnsOf(dataSource, dataSource.getMetadata(WebhookEndpoint).tablePath)),
        ...(await columnsOf(dataSource, dataSource.getMetadata(WebhookEvent).tablePath)),
      });
      const latest = await columns();
      const undo = async (name: string): Promise<void> => {
        for (let left = webhooksMigrations.length; name in (await columns()) && left > 0; left--)
          await dataSource.undoLastMigration();
        expect(await columns()).not.toHaveProperty(name);
      };
      await undo('deferred_until');
      await undo('representation');
      await undo('filter');
      expect(await columns()).toHaveProperty('traceparent');
      await undo('traceparent');
      expect(await columns()).toHaveProperty('concurrency');
      expect(await ourTables(dataSource, kind)).not.toContain('webhook_workers');
      await undo('concurrency');
      expect((await dataSource.runMigrations()).length).toBeGreaterThan(2);
      expect(await columns()).toEqual(latest);
      expect(await ourTables(dataSource, kind)).toEqual(TABLES);
    });
    await delivers(database, {});
  });

  it('is made by synchronize: true, which keeps the rows at the next start', async () => {
    const database = await lastingDatabase(kind);
    const options = { migrations: [], migrationsRun: false, synchronize: true };
    await delivers(database, options);
    await delivers(database, options);
    await withDataSource(database, async (dataSource) => {
      // The second event went to the endpoint of the first start, too.
      expect(await dataSource.getRepository(WebhookDelivery).count()).toBe(3);
    });
  });

  it('that synchronize made moves over to migrations, which find nothing to run', async () => {
    const database = await lastingDatabase(kind);
    await delivers(database, { migrations: [], migrationsRun: false, synchronize: true });
    await withDataSource(database, async (dataSource) => {
      expect(await dataSource.runMigrations()).toEqual([]);
      expect(await dataSource.showMigrations()).toBe(false);
    });
    await delivers(database, { migrationsRun: true });
  });

  it('that lost a table is reported by synchronize, which runs nothing a second time', async () => {
    const database = await lastingDatabase(kind);
    const options = { migrations: [], migrationsRun: false, synchronize: true };
    await delivers(database, options);
    await withDataSource(database, (dataSource) => dataSource.query('DROP TABLE webhook_attempts'));
    await expect(appOn(database, options)).rejects.toThrow("The table 'webhook_attempts' is missing");
  });

  it('may be synchronized and migrated at once', async () => {
    await delivers(await lastingDatabase(kind), { migrationsRun: true, synchronize: true });
  });

  it('has the prefix that the DataSource gives its entities', async () => {
    const database = await lastingDatabase(kind);
    await delivers(database, { entityPrefix: 'shop_' });
    await withDataSource(database, async (dataSource) => {
      expect(await ourTables(dataSource, kind)).toEqual(TABLES.map((name) => `shop_${name}`));
    });
  });
});

describe('The schema of a PostgreSQL DataSource', () => {
  it.each([
    ['migrations', { migrationsRun: true }],
    ['synchronize', { migrations: [], migrationsRun: false, synchronize: true }],
  ])('stands in the schema that the DataSource names, made by %s', async (_, how) => {
    const database = await lastingDatabase('postgres');
    await withDataSource(database, (dataSource) => dataSource.query('CREATE SCHEMA hooks'));
    await delivers(database, { schema: 'hooks', ...how });
    await withDataSource(database, async (dataSource) => {
      const rows: { table_schema: string; table_name: string }[] = await dataSource.query(
        `SELECT table_schema, table_name FROM information_schema.tables WHERE table_name LIKE 'webhook%' ORDER BY table_name`,
      );
      expect(rows).toEqual(TABLES.map((name) => ({ table_schema: 'hooks', table_name: name })));
    });
  });
});
