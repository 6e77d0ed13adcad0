import type { SqlStatement } from './sql-executor.js';
import type { WebhooksDatabase } from './webhooks-database.js';

/** A statement with a `?` for each parameter, as the database wants it. No text in it may hold a `?`. */
export function statementWith(
  { isPostgres }: Pick<WebhooksDatabase, 'isPostgres'>,
  sql: string,
  params: readonly unknown[],
): SqlStatement {
  let place = 0;
  return { sql: isPostgres ? sql.replaceAll('?', () => `$${++place}`) : sql, params };
}

/** As many placeholders as there are values, for `IN`. */
export const marksFor = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
