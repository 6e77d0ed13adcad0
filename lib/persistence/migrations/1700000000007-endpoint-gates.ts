import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingColumn } from '../schema/add-missing-column.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { dropColumnStatement } from '../schema/table-statements.js';

const TABLE = 'webhook_endpoints';
const COLUMNS = [
  'failing_told_at',
  'deferred_until',
  'authorization_hint',
  'authorization_secret',
  'certificate_hint',
  'certificate_secret',
];

/**
 * Adds the pause that an endpoint asked for, its credentials, and what the app was told of it. Skips what was created
 * with the tables.
 */
export class EndpointGates1700000000007 implements MigrationInterface {
  name = 'EndpointGates1700000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      for (const column of COLUMNS) await addMissingColumn(queryRunner, TABLE, column);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      for (const column of COLUMNS.toReversed()) {
        await queryRunner.query(dropColumnStatement(mustHaveDataSource(queryRunner), TABLE, column));
      }
    });
  }
}
