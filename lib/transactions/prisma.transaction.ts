import type { WebhooksTransaction } from '../config/webhook-event-options.js';
import { InvalidWebhooksTransactionError, mustHave } from './invalid-transaction.error.js';

/** `Prisma.TransactionClient`. */
export interface PrismaTransaction {
  $queryRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<unknown>;
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<unknown>;
}

/**
 * A transaction of Prisma: what `prisma.$transaction(async (tx) => …)` hands in.
 * @throws WebhooksError `webhooks/invalid-transaction` for the client itself, whose statements are each a transaction of their own
 */
export function prismaWebhooksTransaction(tx: PrismaTransaction): WebhooksTransaction {
  const methods = ['$queryRawUnsafe', '$executeRawUnsafe'];
  mustHave('prismaWebhooksTransaction', tx, methods, 'the tx of prisma.$transaction(async (tx) => …)');
  // The tx of Prisma 7 has a `$transaction`, too.
  if (typeof (tx as { $connect?: unknown }).$connect === 'function') {
    const problem =
      'it takes the tx of prisma.$transaction(async (tx) => …), got the client, which is in no transaction.';
    throw new InvalidWebhooksTransactionError('prismaWebhooksTransaction', problem);
  }
  return {
    query: async (sql, parameters) => {
      if (givesRows(sql)) return (await tx.$queryRawUnsafe(sql, ...parameters)) as object[];
      await tx.$executeRawUnsafe(sql, ...parameters);
      return [];
    },
  };
}

const givesRows = (sql: string): boolean => !/^\s*INSERT\b/i.test(sql) || /\bRETURNING\b/i.test(sql);
