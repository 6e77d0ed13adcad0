import type { DataSource, QueryRunner } from 'typeorm';
import { revertMigration } from '../../compat/run-migration.js';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { WebhooksError } from '../../domain/webhooks.error.js';
import { readCatalogue } from './catalogue.js';
import { migrationsTable, ourMigrations, ranMigrations, runOurMigrations } from './migration-state.js';
import { keepOwnNames } from './own-names.js';
import { WebhooksPrivilegesError, WebhooksSchemaUnreadableError } from './schema.errors.js';
import { withSchemaLock } from './schema-lock.js';

/** Lists our migrations in order, and whether each has run on this database. @throws WebhooksSchemaUnreadableError */
export const migrationStates = (dataSource: DataSource): Promise<{ name: string; hasRun: boolean }[]> =>
  withRunner(dataSource, 'checked', async (queryRunner) => {
    const done = await mustKnow(queryRunner);
    return ourMigrations().map(({ name }) => ({ name, hasRun: done.has(name) }));
  });

/** Runs the pending migrations, and returns their names. @throws WebhooksSchemaUnreadableError */
export const migrateUp = (dataSource: DataSource): Promise<string[]> =>
  withRunner(dataSource, 'made', async (queryRunner) => {
    const before = await mustKnow(queryRunner);
    await runOurMigrations(queryRunner, () => ran(queryRunner));
    return ourMigrations().flatMap(({ name }) => (before.has(name) ? [] : [name]));
  });

/** Reverts the last `steps` migrations, and returns their names. Deletes their tables and columns with all data. */
export const migrateDown = (dataSource: DataSource, steps: number): Promise<string[]> =>
  withRunner(dataSource, 'changed', (queryRunner) =>
    withSchemaLock(queryRunner, async () => {
      const done = await mustKnow(queryRunner);
      const last = ourMigrations()
        .filter(({ name }) => done.has(name))
        .slice(-steps)
        .toReversed();
      for (const migration of last) await revertMigration(queryRunner, migration);
      return last.map(({ name }) => name);
    }),
  );

async function mustKnow(queryRunner: QueryRunner): Promise<ReadonlySet<string>> {
  const known = await ran(queryRunner);
  if (known) return known;
  const table = migrationsTable(mustHaveDataSource(queryRunner));
  throw new WebhooksPrivilegesError([`SELECT on ${table}`]);
}

async function ran(queryRunner: QueryRunner): Promise<ReadonlySet<string> | undefined> {
  const dataSource = mustHaveDataSource(queryRunner);
  const catalogue = await readCatalogue(queryRunner, dataSource, [migrationsTable(dataSource)]);
  return ranMigrations(queryRunner, catalogue);
}

async function withRunner<Result>(
  dataSource: DataSource,
  doing: ConstructorParameters<typeof WebhooksSchemaUnreadableError>[0],
  work: (queryRunner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  keepOwnNames(dataSource);
  const queryRunner = dataSource.createQueryRunner('master');
  try {
    return await work(queryRunner);
  } catch (error) {
    throw error instanceof WebhooksError ? error : new WebhooksSchemaUnreadableError(doing, error);
  } finally {
    await queryRunner.release();
  }
}
