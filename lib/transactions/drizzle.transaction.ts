import type { WebhooksTransaction } from '../config/webhook-event-options.js';
import { mustHave } from './invalid-transaction.error.js';

/** The argument of the callback of `db.transaction(async (tx) => …)`, on PostgreSQL or MySQL. */
export interface DrizzleTransaction {
  execute(query: never): PromiseLike<unknown>;
  rollback(): never;
}

/** `sql` of `drizzle-orm`. */
export interface DrizzleSql {
  raw(sql: string): unknown;
  param(value: unknown): unknown;
  join(chunks: never): unknown;
}

/**
 * A transaction of Drizzle, on `node-postgres`, `postgres.js` or `mysql2`.
 * @param tx what `db.transaction(async (tx) => …)` hands in
 * @param sql of `drizzle-orm`: `import { sql } from 'drizzle-orm'`
 * @throws WebhooksError `webhooks/invalid-transaction` for the `db` itself, whose statements are each a transaction of their own
 */
export function drizzleWebhooksTransaction(tx: DrizzleTransaction, sql: DrizzleSql): WebhooksTransaction {
  const asked = 'the tx of db.transaction(async (tx) => …)';
  mustHave('drizzleWebhooksTransaction', tx, ['execute', 'rollback'], asked);
  mustHave(
    'drizzleWebhooksTransaction',
    sql,
    ['raw', 'param', 'join'],
    'sql of drizzle-orm as its second argument',
  );
  return {
    query: async (text, parameters) => {
      const chunks: unknown[] = [];
      let next = 0;
      // Drizzle numbers its own placeholders.
      for (const part of text.split(/(\?|\$\d+)/)) {
        const isPlaceholder = part === '?' || /^\$\d+$/.test(part);
        const place = part === '?' ? next++ : Number(part.slice(1)) - 1;
        chunks.push(isPlaceholder ? sql.param(parameters[place]) : sql.raw(part));
      }
      return rowsOf(await tx.execute(sql.join(chunks as never) as never));
    },
  };
}

/**
 * `node-postgres` returns a result with rows, `postgres.js` the rows, and `mysql2` the rows (or what an insert did)
 * with the fields.
 */
function rowsOf(result: unknown): readonly object[] {
  if (!Array.isArray(result)) return (result as { rows: object[] }).rows;
  return Array.isArray(result[0]) ? result[0] : result;
}
