import { statementWith } from './placeholders.js';
import type { SqlStatement } from './sql-executor.js';
import type { WebhooksDatabase } from './webhooks-database.js';

/** What must hold of a row: with a `?` for each of its values. */
export type Condition = readonly [sql: string, ...values: unknown[]];

interface IdRange {
  readonly table: string;
  readonly columns: string;
  /**
   * What MySQL is to read. Left to itself, MariaDB reads a whole log for a page of it: it meets the tenant's index with the endpoint's,
   * or begins with the newest row whatever the cursor. The other databases choose well.
   */
  readonly index: string;
  readonly conditions: readonly Condition[];
  readonly order: 'ASC' | 'DESC';
  readonly limit: number;
  /** Rows that it passes over first. */
  readonly offset?: number;
}

/** Selects rows in the order of their ids. TypeORM has no way to say `FORCE INDEX`, and to suggest an index is not enough. */
export function selectById(
  database: WebhooksDatabase,
  { table, columns, index, conditions, order, limit, offset }: IdRange,
): SqlStatement {
  const all = conditions.map(([condition]) => condition).join(' AND ');
  const where = all === '' ? '' : ` WHERE ${all}`;
  const from = database.isMysql ? `${table} FORCE INDEX (${index})` : table;
  const passedOver = offset === undefined ? '' : ` OFFSET ${offset}`;
  return statementWith(
    database,
    `SELECT ${columns} FROM ${from}${where} ORDER BY id ${order} LIMIT ${limit}${passedOver}`,
    conditions.flatMap(([, ...values]) => values),
  );
}
