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

/** Which events of its types an endpoint wants. Tables that this version has made have it already. */
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
      // SQLite drops no column that an index asks for.
      const hasIndex = indicesOf(TABLE, isMysql(dataSource)).some(([name]) => name === INDEX);
      if (hasIndex) await queryRunner.query(dropIndexStatement(dataSource, TABLE, INDEX));
      await queryRunner.query(dropColumnStatement(dataSource, TABLE, COLUMN));
    });
  }
}
