import type { WebhooksTransaction } from '../config/webhook-event-options.js';
import { InvalidWebhooksTransactionError, mustHave } from './invalid-transaction.error.js';

/** `Transaction` of Kysely. */
export interface KyselyTransaction {
  readonly isTransaction: boolean;
  withoutPlugins(): { executeQuery(query: never): Promise<{ readonly rows: readonly unknown[] }> };
}

/**
 * A transaction of Kysely: what `db.transaction().execute(async (trx) => …)` hands in, or a controlled one.
 * @throws WebhooksError `webhooks/invalid-transaction` for the `db` itself, whose statements are each a transaction of their own
 */
export function kyselyWebhooksTransaction(trx: KyselyTransaction): WebhooksTransaction {
  mustHave(
    'kyselyWebhooksTransaction',
    trx,
    ['withoutPlugins'],
    'the trx of db.transaction().execute(async (trx) => …)',
  );
  if (!trx.isTransaction) {
    const problem =
      'it takes the trx of db.transaction().execute(async (trx) => …), got the db, which is in no transaction.';
    throw new InvalidWebhooksTransactionError('kyselyWebhooksTransaction', problem);
  }
  // One that renames columns would rename ours.
  const plain = trx.withoutPlugins();
  return {
    query: async (sql, parameters) => {
      const query = { kind: 'RawNode', sqlFragments: [sql], parameters: [] };
      const compiled = { sql, parameters, query, queryId: { queryId: 'nestjs-webhooks' } };
      return (await plain.executeQuery(compiled as never)).rows as readonly object[];
    },
  };
}
