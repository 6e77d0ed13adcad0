import type { QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { readCatalogue } from './catalogue.js';
import { pathOf } from './own-names.js';
import { addColumnStatement, exactTextOf } from './table-statements.js';
import type { TableName } from './tables.js';

/** Skips a column that was created with its table. */
export async function addMissingColumn(
  queryRunner: QueryRunner,
  table: TableName,
  column: string,
): Promise<void> {
  const dataSource = mustHaveDataSource(queryRunner);
  const path = pathOf(dataSource, table);
  const found = (await readCatalogue(queryRunner, dataSource, [path])).get(path);
  if (found?.columns.has(column)) return;
  const exactText = await exactTextOf(queryRunner, dataSource);
  await queryRunner.query(addColumnStatement(dataSource, table, column, exactText));
}
