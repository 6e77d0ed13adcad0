import type { SqlStatement } from './sql-executor.js';
import type { WebhooksDatabase } from './webhooks-database.js';

/** Converts a statement with `?` parameters to the database's syntax. Its texts must not contain a `?`. */
export function statementWith(
  { isPostgres }: Pick<WebhooksDatabase, 'isPostgres'>,
  sql: string,
  params: readonly unknown[],
): SqlStatement {
  let place = 0;
  return { sql: isPostgres ? sql.replaceAll('?', () => `$${++place}`) : sql, params };
}

/** One placeholder for each value, for `IN`. */
export const marksFor = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
