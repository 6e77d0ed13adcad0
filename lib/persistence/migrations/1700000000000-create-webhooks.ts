import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { missingIndices } from '../schema/missing-indices.js';
import { tablePath } from '../schema/own-names.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { createIndexStatement, createTableStatement, exactTextOf } from '../schema/table-statements.js';
import { TABLE_NAMES } from '../schema/tables.js';

/**
 * Creates the tables. MySQL commits each step by itself, and another process may have been faster. So each step
 * creates only what is missing, and an interrupted migration can continue.
 */
export class CreateWebhooks1700000000000 implements MigrationInterface {
  name = 'CreateWebhooks1700000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      const exactText = await exactTextOf(queryRunner, dataSource);
      for (const table of TABLE_NAMES) {
        await queryRunner.query(createTableStatement(dataSource, table, exactText));
        for (const index of await missingIndices(queryRunner, table)) {
          await queryRunner.query(createIndexStatement(dataSource, table, index));
        }
      }
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      for (const name of TABLE_NAMES.toReversed()) {
        await queryRunner.query(`DROP TABLE IF EXISTS ${tablePath(mustHaveDataSource(queryRunner), name)}`);
      }
    });
  }
}
