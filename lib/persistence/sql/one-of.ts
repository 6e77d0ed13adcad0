import type { ObjectLiteral } from 'typeorm';
import type { WebhooksDatabase } from './webhooks-database.js';

/**
 * The condition that a column has one of the values, for `where`. Without statistics, PostgreSQL reads the whole table
 * for a long list that it sees, but not for one that it does not see.
 */
export function oneOf(
  { isPostgres }: WebhooksDatabase,
  column: string,
  values: readonly string[],
): [condition: string, parameters: ObjectLiteral] {
  const list = isPostgres ? '= ANY ((SELECT CAST(:values AS text[]))::text[])' : 'IN (:...values)';
  return [`${column} ${list}`, { values }];
}
