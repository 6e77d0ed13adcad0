import type { QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { readCatalogue } from './catalogue.js';
import { missingIndices } from './missing-indices.js';
import { pathOf } from './own-names.js';
import { createIndexStatement, createTableStatement, exactTextOf } from './table-statements.js';
import type { TableName } from './tables.js';

/** Creates the table with its indices, unless it exists. */
export async function addMissingTable(queryRunner: QueryRunner, table: TableName): Promise<void> {
  const dataSource = mustHaveDataSource(queryRunner);
  const path = pathOf(dataSource, table);
  // MySQL warns if it already exists.
  if (!(await readCatalogue(queryRunner, dataSource, [path])).has(path)) {
    const exactText = await exactTextOf(queryRunner, dataSource);
    await queryRunner.query(createTableStatement(dataSource, table, exactText));
  }
  for (const index of await missingIndices(queryRunner, table)) {
    await queryRunner.query(createIndexStatement(dataSource, table, index));
  }
}
