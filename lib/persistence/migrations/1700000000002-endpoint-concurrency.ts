import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingColumn } from '../schema/add-missing-column.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { dropColumnStatement } from '../schema/table-statements.js';

const TABLE = 'webhook_endpoints';
const COLUMN = 'concurrency';

/** Adds the concurrency limit of an endpoint. Skips tables that were created with it. */
export class EndpointConcurrency1700000000002 implements MigrationInterface {
  name = 'EndpointConcurrency1700000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, () => addMissingColumn(queryRunner, TABLE, COLUMN));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      await queryRunner.query(dropColumnStatement(mustHaveDataSource(queryRunner), TABLE, COLUMN));
    });
  }
}
