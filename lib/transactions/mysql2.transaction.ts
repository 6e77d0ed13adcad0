import type { WebhooksTransaction } from '../config/webhook-event-options.js';
import { InvalidWebhooksTransactionError, mustHave } from './invalid-transaction.error.js';

/** A `Connection` or a `PoolConnection` of `mysql2/promise`. */
export interface Mysql2Connection {
  query(
    options: { sql: string; rowsAsArray?: boolean; nestTables?: boolean },
    values: unknown[],
  ): Promise<readonly [rows: unknown, ...others: unknown[]]>;
}

/**
 * The transaction that a connection of `mysql2/promise` is in: begun with `connection.beginTransaction()`.
 * @throws WebhooksError `webhooks/invalid-transaction` for a pool, whose statements each have another connection, and for a connection with
 *   callbacks
 */
export function mysql2WebhooksTransaction(connection: Mysql2Connection): WebhooksTransaction {
  mustHave('mysql2WebhooksTransaction', connection, ['query'], 'a connection of mysql2/promise');
  const { getConnection, promise } = connection as { getConnection?: unknown; promise?: unknown };
  const problem =
    getConnection !== undefined
      ? 'a pool runs each statement on another connection. Give the one that your transaction is on: await pool.getConnection().'
      : promise !== undefined
        ? 'it takes a connection of mysql2/promise. Give connection.promise().'
        : undefined;
  if (problem) throw new InvalidWebhooksTransactionError('mysql2WebhooksTransaction', problem);
  return {
    dialect: 'mysql',
    query: async (sql, parameters) => {
      const [rows] = await connection.query({ sql, rowsAsArray: false, nestTables: false }, [...parameters]);
      // For an insert, mysql2 returns what it did.
      return Array.isArray(rows) ? rows : [];
    },
  };
}
