import { Migration, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { mustHaveDataSource } from './typeorm.js';

type NamedMigration = MigrationInterface & { readonly name: string };

/**
 * Runs a migration that need not belong to the data source, and records that it has run. `executeMigration` of TypeORM
 * 0.3 and 1 does both, and does not ask which migrations the data source has.
 */
export async function runMigration(queryRunner: QueryRunner, instance: NamedMigration): Promise<void> {
  const executor = new MigrationExecutor(mustHaveDataSource(queryRunner), queryRunner);
  await executor.executeMigration(migrationOf(instance));
}

/** Reverts it, and records that it has not run, whatever comes after it in the app's table of migrations. */
export async function revertMigration(queryRunner: QueryRunner, instance: NamedMigration): Promise<void> {
  await queryRunner.beforeMigration();
  await instance.down(queryRunner);
  await queryRunner.afterMigration();
  const executor = new MigrationExecutor(mustHaveDataSource(queryRunner), queryRunner);
  await executor.deleteMigration(migrationOf(instance));
}

const migrationOf = (instance: NamedMigration): Migration =>
  new Migration(undefined, Number(/\d+$/.exec(instance.name)![0]), instance.name, instance);
