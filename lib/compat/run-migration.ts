import { Migration, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { mustHaveDataSource } from './typeorm.js';

type NamedMigration = MigrationInterface & { readonly name: string };

/**
 * Runs a migration that need not be of the data source, and writes that it has run: `executeMigration` of TypeORM 0.3 and 1 does both, and
 * nothing of it knows which migrations the data source has.
 */
export async function runMigration(queryRunner: QueryRunner, instance: NamedMigration): Promise<void> {
  const { name } = instance;
  const timestamp = Number(/\d+$/.exec(name)![0]);
  const executor = new MigrationExecutor(mustHaveDataSource(queryRunner), queryRunner);
  await executor.executeMigration(new Migration(undefined, timestamp, name, instance));
}
