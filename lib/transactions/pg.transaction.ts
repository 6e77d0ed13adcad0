import type { WebhooksTransaction } from '../config/webhook-event-options.js';
import { InvalidWebhooksTransactionError, mustHave } from './invalid-transaction.error.js';

/** A `Client` or a `PoolClient` of `pg`. */
export interface PgClient {
  query(sql: string, values: unknown[]): Promise<{ readonly rows: readonly object[] }>;
}

/**
 * The transaction that a client of `pg` is in: begun with `client.query('BEGIN')`.
 * @throws WebhooksError `webhooks/invalid-transaction` for a pool, whose statements each have another connection, and for a client that
 *   says it is in no transaction
 */
export function pgWebhooksTransaction(client: PgClient): WebhooksTransaction {
  mustHave('pgWebhooksTransaction', client, ['query'], 'a client of pg');
  const { totalCount, getTransactionStatus } = client as {
    totalCount?: unknown;
    getTransactionStatus?: () => unknown;
  };
  const problem =
    totalCount !== undefined
      ? 'a pool runs each statement on another connection. Give the client that your transaction is on: await pool.connect().'
      : getTransactionStatus?.call(client) === 'I'
        ? "the client is in no transaction. Begin it first: await client.query('BEGIN')."
        : undefined;
  if (problem) throw new InvalidWebhooksTransactionError('pgWebhooksTransaction', problem);
  return {
    dialect: 'postgres',
    query: async (sql, parameters) => (await client.query(sql, [...parameters])).rows,
  };
}
