import { Migration, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { mustHaveDataSource } from './typeorm.js';

type NamedMigration = MigrationInterface & { readonly name: string };

/**
 * Runs a migration that need not be of the data source, and writes that it has run: `executeMigration` of TypeORM 0.3 and 1 does both, and
 * nothing of it knows which migrations the data source has.
 */
export async function runMigration(queryRunner: QueryRunner, instance: NamedMigration): Promise<void> {
  const executor = new MigrationExecutor(mustHaveDataSource(queryRunner), queryRunner);
  await executor.executeMigration(migrationOf(instance));
}

/** Takes it back, and writes that it has not run, whatever else the app's table of migrations names after it. */
export async function revertMigration(queryRunner: QueryRunner, instance: NamedMigration): Promise<void> {
  await queryRunner.beforeMigration();
  await instance.down(queryRunner);
  await queryRunner.afterMigration();
  const executor = new MigrationExecutor(mustHaveDataSource(queryRunner), queryRunner);
  await executor.deleteMigration(migrationOf(instance));
}

const migrationOf = (instance: NamedMigration): Migration =>
  new Migration(undefined, Number(/\d+$/.exec(instance.name)![0]), instance.name, instance);
