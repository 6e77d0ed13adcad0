import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingColumn } from '../schema/add-missing-column.js';
import { addMissingTable } from '../schema/add-missing-table.js';
import { tablePath } from '../schema/own-names.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { dropColumnStatement } from '../schema/table-statements.js';

const WORKERS = 'webhook_workers';
const EVENTS = 'webhook_events';
const TRACE = 'traceparent';

/** Adds the workers, and the trace of an event. Skips what was created with the tables. */
export class Monitoring1700000000003 implements MigrationInterface {
  name = 'Monitoring1700000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      await addMissingTable(queryRunner, WORKERS);
      await addMissingColumn(queryRunner, EVENTS, TRACE);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      await queryRunner.query(dropColumnStatement(dataSource, EVENTS, TRACE));
      await queryRunner.query(`DROP TABLE IF EXISTS ${tablePath(dataSource, WORKERS)}`);
    });
  }
}
