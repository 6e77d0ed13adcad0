import type { QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { mysqlIndicesOf } from './mysql.catalogue.js';
import { prefixed } from './own-names.js';
import { isMysql } from './table-statements.js';
import { indicesOf, type Index, type TableName } from './tables.js';

/** The indices of a table to create. Returns all of them if the statement itself skips existing ones. */
export async function missingIndices(queryRunner: QueryRunner, table: TableName): Promise<Index[]> {
  const dataSource = mustHaveDataSource(queryRunner);
  const indices = indicesOf(table, isMysql(dataSource));
  if (!isMysql(dataSource)) return indices;
  const found = await mysqlIndicesOf(queryRunner, [prefixed(dataSource, table)]);
  return indices.filter(([name]) => !found.some((index) => index.name === prefixed(dataSource, name)));
}
