import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingTable } from '../schema/add-missing-table.js';
import { tablePath } from '../schema/own-names.js';
import { withSchemaLock } from '../schema/schema-lock.js';

const TABLE = 'webhook_audit';

/** Adds the audit log. */
export class Audit1700000000010 implements MigrationInterface {
  name = 'Audit1700000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, () => addMissingTable(queryRunner, TABLE));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      await queryRunner.query(`DROP TABLE IF EXISTS ${tablePath(mustHaveDataSource(queryRunner), TABLE)}`);
    });
  }
}
