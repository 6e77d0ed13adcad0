import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { missingIndices } from '../schema/missing-indices.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { createIndexStatement, dropIndexStatement } from '../schema/table-statements.js';

const TABLE = 'webhook_deliveries';
const INDEX = 'webhook_deliveries_waiting';

/**
 * Finds the due deliveries of an endpoint, and the endpoints with waiting deliveries. Skips tables that were created
 * with it.
 */
export class IndexWaitingDeliveries1700000000001 implements MigrationInterface {
  name = 'IndexWaitingDeliveries1700000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      for (const index of await missingIndices(queryRunner, TABLE)) {
        if (index[0] !== INDEX) continue;
        await queryRunner.query(createIndexStatement(mustHaveDataSource(queryRunner), TABLE, index));
      }
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      await queryRunner.query(dropIndexStatement(mustHaveDataSource(queryRunner), TABLE, INDEX));
    });
  }
}
