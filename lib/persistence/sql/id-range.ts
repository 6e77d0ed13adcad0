import { statementWith } from './placeholders.js';
import type { SqlStatement } from './sql-executor.js';
import type { WebhooksDatabase } from './webhooks-database.js';

/** A condition for rows, with a `?` for each value. */
export type Condition = readonly [sql: string, ...values: unknown[]];

interface IdRange {
  readonly table: string;
  readonly columns: string;
  /**
   * The index for MySQL. Left to itself, MariaDB reads a whole log for one page: it intersects the indices of tenant
   * and endpoint, or begins with the newest row whatever the cursor. The other databases choose well.
   */
  readonly index: string;
  readonly conditions: readonly Condition[];
  readonly order: 'ASC' | 'DESC';
  readonly limit: number;
  /** How many rows to skip. */
  readonly offset?: number;
}

/**
 * Selects rows in the order of their ids. Not by TypeORM, which can't say `FORCE INDEX`; suggesting an index is not
 * enough.
 */
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
