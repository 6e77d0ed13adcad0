import type { QueryRunner } from 'typeorm';
import { indicesOfRows, type Catalogue } from './found-table.js';

interface Row {
  readonly table: string;
  readonly columns: string;
  /** JSON: `[name, unique, column]`, in the order of an index's columns. */
  readonly indices: string;
}

const CATALOGUE = `SELECT t.value AS "table",
    (SELECT json_group_array(c.name) FROM pragma_table_info(t.value) c) AS columns,
    (SELECT json_group_array(json_array(o.name, o."unique", o."column")) FROM (
      SELECT i.name, i."unique", c.name AS "column" FROM pragma_index_list(t.value) i JOIN pragma_index_info(i.name) c
      ORDER BY i.name, c.seqno) o) AS indices
  FROM json_each(?) t WHERE t.value IN (SELECT name FROM sqlite_master WHERE type = 'table')`;

export async function readSqliteCatalogue(
  queryRunner: QueryRunner,
  paths: readonly string[],
): Promise<Catalogue> {
  const rows = (await queryRunner.query(CATALOGUE, [JSON.stringify(paths)])) as Row[];
  return new Map(
    rows.map(({ table, columns, indices }) => [
      table,
      {
        columns: new Map((JSON.parse(columns) as string[]).map((name) => [name, null])),
        indices: indicesOfRows(
          (JSON.parse(indices) as [string, number, string | null][]).map(([index, unique, column]) => ({
            index,
            column,
            isUnique: unique === 1,
          })),
        ),
        // SQLite has no privileges.
        lacks: [],
      },
    ]),
  );
}
