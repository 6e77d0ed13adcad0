import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingColumn } from '../schema/add-missing-column.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { dropColumnStatement } from '../schema/table-statements.js';

const COLUMNS = [
  ['webhook_endpoints', 'representation'],
  ['webhook_endpoints', 'version'],
  ['webhook_events', 'version'],
  ['webhook_deliveries', 'frozen_body'],
] as const;

/** Adds the representation of an endpoint, and the bodies made with it. Skips what was created with the tables. */
export class Representations1700000000005 implements MigrationInterface {
  name = 'Representations1700000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      for (const [table, column] of COLUMNS) await addMissingColumn(queryRunner, table, column);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      for (const [table, column] of COLUMNS.toReversed())
        await queryRunner.query(dropColumnStatement(dataSource, table, column));
    });
  }
}
