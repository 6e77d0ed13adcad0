import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { UnsafeServerSettingError, WebhooksModule, webhooksMigrations } from 'nestjs-webhooks';
import { createDatabase, type TestDatabase } from '../support/databases.js';

/** The part of the pool of mysql2 that is used. */
interface Pool {
  on(event: 'connection', listener: (connection: { query(sql: string): unknown }) => void): void;
}

describe.each(['mariadb', 'mysql'] as const)('On %s', (kind) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** Has every session of the app run under `mode`, as the server's configuration would. */
  async function start(mode: string): Promise<void> {
    database = await createDatabase(kind);
    await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...database.options, autoLoadEntities: true, migrations: webhooksMigrations }),
          dataSourceFactory: async (options) => {
            dataSource = new DataSource(options as DataSourceOptions);
            const setMode = `SET SESSION sql_mode = '${mode}'`;
            await dataSource.initialize();
            const { pool } = dataSource.driver as unknown as { pool: Pool };
            pool.on('connection', (connection) => void connection.query(setMode));
            await dataSource.query(setMode);
            await dataSource.runMigrations();
            return dataSource;
          },
        }),
        WebhooksModule.forRoot({ events: { 'post.created': {} }, api: false, tenants: false }),
      ],
    }).compile();
  }

  it('an app does not start where a backslash escapes nothing: a value could end its text', async () => {
    const started = start('STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES');
    await expect(started).rejects.toBeInstanceOf(UnsafeServerSettingError);
    await expect(started).rejects.toMatchObject({
      code: 'webhooks/unsafe-server-setting',
      setting: 'NO_BACKSLASH_ESCAPES',
      message: expect.stringContaining('Take NO_BACKSLASH_ESCAPES out of sql_mode') as string,
    });
  });

  it('an app starts under the modes that ANSI stands for', async () => {
    await expect(start('STRICT_TRANS_TABLES,ANSI')).resolves.toBeUndefined();
  });
});
