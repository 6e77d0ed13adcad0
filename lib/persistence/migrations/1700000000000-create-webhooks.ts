import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { mysqlIndicesOf } from '../schema/mysql.catalogue.js';
import { prefixed, tablePath } from '../schema/own-names.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import {
  createIndexStatement,
  createTableStatement,
  exactTextOf,
  isMysql,
} from '../schema/table-statements.js';
import { TABLE_NAMES, indicesOf, type TableName } from '../schema/tables.js';

/**
 * The tables. MySQL commits each of its steps by itself, and another process may have been faster: each one makes only what
 * is missing, so that the migration goes on where it stopped.
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

/** All of them, where the statement itself leaves out those that are there. */
async function missingIndices(
  queryRunner: QueryRunner,
  table: TableName,
): Promise<ReturnType<typeof indicesOf>> {
  const dataSource = mustHaveDataSource(queryRunner);
  const indices = indicesOf(table, isMysql(dataSource));
  if (!isMysql(dataSource)) return indices;
  const found = await mysqlIndicesOf(queryRunner, [prefixed(dataSource, table)]);
  return indices.filter(([name]) => !found.some((index) => index.name === prefixed(dataSource, name)));
}
