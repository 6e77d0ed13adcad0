import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingColumn } from '../schema/add-missing-column.js';
import { missingIndices } from '../schema/missing-indices.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import { createIndexStatement, dropColumnStatement, dropIndexStatement } from '../schema/table-statements.js';
import { indicesOf } from '../schema/tables.js';
import { isMysql } from '../schema/table-statements.js';

const TABLE = 'webhook_endpoints';
const COLUMN = 'filter';
const INDEX = 'webhook_endpoints_filtered';

/** Adds the filter of an endpoint. Skips tables that were created with it. */
export class EndpointFilter1700000000004 implements MigrationInterface {
  name = 'EndpointFilter1700000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      await addMissingColumn(queryRunner, TABLE, COLUMN);
      for (const index of await missingIndices(queryRunner, TABLE)) {
        if (index[0] !== INDEX) continue;
        await queryRunner.query(createIndexStatement(mustHaveDataSource(queryRunner), TABLE, index));
      }
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      // SQLite can't drop a column that a partial index uses.
      const hasIndex = indicesOf(TABLE, isMysql(dataSource)).some(([name]) => name === INDEX);
      if (hasIndex) await queryRunner.query(dropIndexStatement(dataSource, TABLE, INDEX));
      await queryRunner.query(dropColumnStatement(dataSource, TABLE, COLUMN));
    });
  }
}
