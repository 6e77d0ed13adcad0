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
}

/** Selects rows in the order of their ids. TypeORM has no way to say `FORCE INDEX`, and to suggest an index is not enough. */
export function selectById(
  { isMysql, isPostgres }: WebhooksDatabase,
  { table, columns, index, conditions, order, limit }: IdRange,
): SqlStatement {
  const params: unknown[] = [];
  const where = conditions.map(([condition, ...values]) => {
    let place = params.push(...values) - values.length;
    return isPostgres ? condition.replaceAll('?', () => `$${++place}`) : condition;
  });
  const from = isMysql ? `${table} FORCE INDEX (${index})` : table;
  return {
    sql: `SELECT ${columns} FROM ${from} WHERE ${where.join(' AND ')} ORDER BY id ${order} LIMIT ${limit}`,
    params,
  };
}
