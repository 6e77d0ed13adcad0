import { Test, type TestingModule } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhooksModule, WebhooksService, webhooksMigrations } from 'nestjs-webhooks';
import { UnsafeServerSettingError } from '../../lib/persistence/server-settings.js';
import { WebhooksReadOnlyError } from '../../lib/persistence/schema/schema.errors.js';
import { checkServerSettings } from '../../lib/persistence/server-settings.js';
import { migratedDatabase } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { Receiver } from '../support/receiver.js';

/** The part of a connection of better-sqlite3 that is used. */
interface Sqlite {
  pragma(text: string): unknown;
  defaultSafeIntegers(on: boolean): unknown;
}

/** The part of the pool of mysql2 that is used. */
interface Pool {
  on(event: 'connection', listener: (connection: { query(sql: string): unknown }) => void): void;
}

let database: TestDatabase;
let dataSource: DataSource;
let module: TestingModule | undefined;
afterEach(async () => {
  await module?.close();
  module = undefined;
  if (dataSource.isInitialized) await dataSource.destroy();
  await database.drop();
});

/**
 * Starts an app on a database with our tables, every session of it under `settings`, as the server's configuration, a role
 * or the `DataSource` would have it.
 */
async function start(
  kind: DatabaseKind,
  { session, ...settings }: { session?: string } & Partial<Record<string, unknown>> = {},
): Promise<WebhooksService> {
  database = kind === 'sqlite' ? await createDatabase(kind) : await migratedDatabase(kind);
  module = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () => ({
          ...database.options,
          retryAttempts: 0,
          autoLoadEntities: true,
          migrations: webhooksMigrations,
        }),
        dataSourceFactory: async (options) => {
          dataSource = await new DataSource({ ...options, ...settings } as DataSourceOptions).initialize();
          if (kind === 'sqlite') await dataSource.runMigrations();
          if (session !== undefined) {
            const { pool } = dataSource.driver as unknown as { pool: Pool };
            pool.on('connection', (connection) => void connection.query(session));
            await dataSource.query(session);
          }
          return dataSource;
        },
      }),
      WebhooksModule.forRoot({
        events: { 'post.created': {} },
        api: false,
        tenants: true,
        network: { allowHttp: true, allowPrivateNetworks: true },
      }),
    ],
  }).compile();
  await module.init();
  return module.get(WebhooksService);
}

/** Delivers to more than one endpoint, and sends what an endpoint has missed; `deliveries` have arrived. */
async function delivers(webhooks: WebhooksService): Promise<void> {
  const receiver = await Receiver.start();
  const endpoint = { name: 'R 😀 \\', url: receiver.url, events: ['*'] };
  await webhooks.endpoints.create('acme', endpoint);
  await webhooks.endpoints.create('ACME', endpoint);
  const paused = await webhooks.endpoints.create('acme', { ...endpoint, active: false });
  await webhooks.emit('post.created', { text: '😀 \\ é' }, { tenant: 'acme' });
  await receiver.received(1);
  await webhooks.endpoints.update('acme', paused.id, { active: true });
  await webhooks.deliveries.recover('acme', paused.id, 0);
  expect((await webhooks.endpoints.list('acme', { limit: 10 }, { search: '😀 \\' })).data).toHaveLength(2);
  expect(JSON.parse(receiver.arrivals[0]!.body)).toMatchObject({ data: { text: '😀 \\ é' } });
  const statuses = async (): Promise<string[]> => {
    const log = (await webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    return log.map(({ status }) => status);
  };
  await expect.poll(statuses, { timeout: 10_000 }).toEqual(['succeeded', 'succeeded']);
  await receiver.stop();
}

describe.each(daily(['mysql'], 'mariadb'))('On %s', (kind) => {
  it('an app does not start where a backslash escapes nothing: a value could end its text', async () => {
    const started = start(kind, {
      session: `SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'`,
    });
    await expect(started).rejects.toBeInstanceOf(UnsafeServerSettingError);
    await expect(started).rejects.toMatchObject({
      code: 'webhooks/unsafe-server-setting',
      setting: 'NO_BACKSLASH_ESCAPES',
      message: expect.stringContaining('Take NO_BACKSLASH_ESCAPES out of sql_mode') as string,
    });
  });

  it.each([
    ['autocommit', 'SET SESSION autocommit = 0', 'would be undone'],
    ['completion_type', `SET SESSION completion_type = 'CHAIN'`, 'another one'],
    ['sql_safe_updates', 'SET SESSION sql_safe_updates = 1', 'could not be stored'],
    ['sql_select_limit', 'SET SESSION sql_select_limit = 100', 'reach no more endpoints'],
    ['sql_big_selects', 'SET SESSION sql_big_selects = 0', 'would fail'],
    ['character_set_client', 'SET NAMES latin1', `Set charset: 'utf8mb4'`],
    ['character_set_results', 'SET SESSION character_set_results = latin1', 'read as something else'],
  ])('an app does not start under another %s', async (setting, session, reason) => {
    const started = start(kind, { session });
    await expect(started).rejects.toMatchObject({
      setting,
      message: expect.stringContaining(reason) as string,
    });
  });

  it('an app does not start with a charset of the DataSource that has no emoji', async () => {
    await expect(start(kind, { charset: 'latin1_swedish_ci' })).rejects.toMatchObject({
      setting: 'character_set_client',
    });
  });

  it('an app does not start where statements are too small for an event', async () => {
    database = await migratedDatabase(kind);
    dataSource = await new DataSource(database.options).initialize();
    // No session can set it, and the server is not this test's alone.
    const createQueryRunner = dataSource.createQueryRunner.bind(dataSource);
    dataSource.createQueryRunner = (mode) => {
      const queryRunner = createQueryRunner(mode);
      const all = queryRunner.query.bind(queryRunner);
      const query = async (sql: string): Promise<object[]> =>
        ((await all(sql)) as { Variable_name: string; Value: string }[]).map((row) =>
          row.Variable_name === 'max_allowed_packet' ? { ...row, Value: '524288' } : row,
        );
      return Object.assign(queryRunner, { query });
    };
    await expect(checkServerSettings(dataSource)).rejects.toMatchObject({ setting: 'max_allowed_packet' });
  });

  it('an app does not start where its sessions may only read', async () => {
    const started = start(kind, { session: 'SET SESSION TRANSACTION READ ONLY' });
    await expect(started).rejects.toBeInstanceOf(WebhooksReadOnlyError);
  });

  it.each([
    ['no mode, so that what is too long is cut', `SET SESSION sql_mode = ''`],
    ['the modes that ANSI stands for', `SET SESSION sql_mode = 'STRICT_TRANS_TABLES,ANSI'`],
    [
      'a collation of the session that clashes with that of the columns',
      'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
    ],
    ['serializable transactions', 'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE'],
  ])('an app delivers under %s', async (_, session) => {
    await delivers(await start(kind, { session }));
  });
});

describe('On MariaDB', () => {
  it.each(['EMPTY_STRING_IS_NULL', 'ORACLE'])('an app does not start in the mode %s', async (mode) => {
    const started = start('mariadb', { session: `SET SESSION sql_mode = '${mode}'` });
    await expect(started).rejects.toMatchObject({ setting: mode });
  });
});

describe('On PostgreSQL', () => {
  const session = (name: string, value: string): object => ({ extra: { options: `-c ${name}=${value}` } });

  it('an app does not start where arrays have no NULL', async () => {
    await expect(start('postgres', session('array_nulls', 'off'))).rejects.toMatchObject({
      setting: 'array_nulls',
    });
  });

  it('an app does not start where transactions may only read', async () => {
    const started = start('postgres', session('default_transaction_read_only', 'on'));
    await expect(started).rejects.toBeInstanceOf(WebhooksReadOnlyError);
  });

  it.each(['serializable', 'repeatable\\ read'])(
    'requests that write the same row at once all succeed under default_transaction_isolation = %s',
    async (isolation) => {
      const webhooks = await start('postgres', session('default_transaction_isolation', isolation));
      const input = { name: 'R', url: 'https://example.com/hook', events: ['*'] };
      const created = await webhooks.endpoints.create('acme', input);
      for (let round = 0; round < 5; round++) {
        const renaming = Array.from({ length: 10 }, (_, n) =>
          webhooks.endpoints.update('acme', created.id, { name: `R${round}-${n}` }),
        );
        await expect(Promise.all(renaming)).resolves.toHaveLength(10);
      }
    },
  );

  it.each([
    ['default_transaction_isolation', 'serializable'],
    ['standard_conforming_strings', 'off'],
    ['TimeZone', 'Pacific/Apia'],
  ])('an app delivers under %s = %s', async (name, value) => {
    await delivers(await start('postgres', session(name, value)));
  });
});

describe('On SQLite', () => {
  const prepared = (prepareDatabase: (database: Sqlite) => void): object => ({ prepareDatabase });

  it.each([
    ['full_column_names', 'ON'],
    ['short_column_names', 'OFF'],
    ['count_changes', 'ON'],
  ])('an app does not start under PRAGMA %s = %s', async (name, value) => {
    const started = start(
      'sqlite',
      prepared((file) => file.pragma(`${name} = ${value}`)),
    );
    await expect(started).rejects.toMatchObject({ setting: name });
  });

  it.each([
    ['integers as BigInt', (file: Sqlite) => file.defaultSafeIntegers(true)],
    ['texts in UTF-16', (file: Sqlite) => file.pragma(`encoding = 'UTF-16'`)],
    ['rows in another order', (file: Sqlite) => file.pragma('reverse_unordered_selects = ON')],
  ])('an app delivers with %s', async (_, prepare) => {
    const webhooks = await start('sqlite', prepared(prepare));
    await delivers(webhooks);
    const log = (await webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(log.map(({ attemptCount }) => attemptCount)).toEqual([1, 1]);
  });
});
