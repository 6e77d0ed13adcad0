import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingColumn } from '../schema/add-missing-column.js';
import { addMissingTable } from '../schema/add-missing-table.js';
import { tablePath } from '../schema/own-names.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { dropColumnStatement } from '../schema/table-statements.js';
import type { TableName } from '../schema/tables.js';

const TABLES: readonly TableName[] = ['webhook_pauses', 'webhook_jobs', 'webhook_tenant_settings'];
const ENDPOINTS = 'webhook_endpoints';
const NOTE = 'disabled_note';

/**
 * Adds pauses, jobs, settings of tenants, and the operators' reason of a disabled endpoint. Skips what was created
 * with the tables.
 */
export class OperatorActs1700000000009 implements MigrationInterface {
  name = 'OperatorActs1700000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      for (const table of TABLES) await addMissingTable(queryRunner, table);
      await addMissingColumn(queryRunner, ENDPOINTS, NOTE);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      await queryRunner.query(dropColumnStatement(dataSource, ENDPOINTS, NOTE));
      for (const table of TABLES.toReversed()) {
        await queryRunner.query(`DROP TABLE IF EXISTS ${tablePath(dataSource, table)}`);
      }
    });
  }
}
