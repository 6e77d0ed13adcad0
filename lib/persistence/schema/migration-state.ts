import type { DataSource, QueryRunner } from 'typeorm';
import { runMigration } from '../../compat/run-migration.js';
import { mustHaveDataSource, schemaOf } from '../../compat/typeorm.js';
import { webhooksMigrations } from '../migrations/index.js';
import type { Catalogue } from './found-table.js';
import { quotedPath } from './own-names.js';
import { withSchemaLock } from './schema-lock.js';

/** The table of executed migrations that the app uses, with its schema, not quoted. */
export const migrationsTable = (dataSource: DataSource): string =>
  dataSource.driver.buildTableName(
    dataSource.options.migrationsTableName ?? 'migrations',
    schemaOf(dataSource),
  );

/**
 * Our migrations that have run on this database; `undefined` if this user may not read that.
 */
export async function ranMigrations(
  queryRunner: QueryRunner,
  catalogue: Catalogue,
): Promise<ReadonlySet<string> | undefined> {
  const dataSource = mustHaveDataSource(queryRunner);
  const path = migrationsTable(dataSource);
  const found = catalogue.get(path);
  if (!found) return new Set();
  if (found.lacks.includes('SELECT')) return undefined;
  const name = dataSource.driver.escape('name');
  const rows = (await queryRunner.query(`SELECT ${name} FROM ${quotedPath(dataSource, path)}`)) as {
    name: string;
  }[];
  const ours = new Set(ourMigrations().map((migration) => migration.name));
  return new Set(rows.map((row) => row.name).filter((one) => ours.has(one)));
}

/** Whether the app has added our migrations to its `DataSource`. */
export const hasOurMigrations = ({ migrations }: DataSource): boolean =>
  ourMigrations().some(({ name }) => migrations.some((one) => (one.name ?? one.constructor.name) === name));

export const ourMigrations = (): InstanceType<(typeof webhooksMigrations)[number]>[] =>
  webhooksMigrations.map((Class) => new Class());

/** Runs our pending migrations and records them, so that the app can later run them itself. */
export async function runOurMigrations(
  queryRunner: QueryRunner,
  ran: () => Promise<ReadonlySet<string> | undefined>,
): Promise<void> {
  const schema = schemaOf(mustHaveDataSource(queryRunner));
  await withSchemaLock(queryRunner, async () => {
    if (schema !== undefined && !(await queryRunner.hasSchema(schema)))
      await queryRunner.createSchema(schema);
    // Another process may have been faster.
    const done = await ran();
    for (const migration of ourMigrations()) {
      if (!done?.has(migration.name)) await runMigration(queryRunner, migration);
    }
  });
}
