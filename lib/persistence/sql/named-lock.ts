import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { runStatement, type SqlStatement } from './sql-executor.js';

const WAIT_SECONDS = 10;

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** PostgreSQL: a lock that ends with the transaction. It also works behind poolers that share connections. */
export const transactionLock = (key: string): SqlStatement => ({
  sql: 'SELECT pg_advisory_xact_lock($1)',
  params: [digestOf(key).readBigInt64BE().toString()],
});

/**
 * MySQL: its named locks belong to the connection. Runs `work` while this connection holds the lock, until after the
 * commit. A lost connection releases its lock.
 */
export async function withConnectionLock<Result>(
  queryRunner: QueryRunner,
  key: string,
  work: () => Promise<Result>,
  waitSeconds = WAIT_SECONDS,
): Promise<Result> {
  // Names have up to 64 characters, and belong to the server, not to the database.
  const params = [`webhooks:${digestOf(key).toString('hex').slice(0, 40)}`];
  const sql = `SELECT GET_LOCK(?, ${waitSeconds}) AS taken`;
  const { rows } = await runStatement(queryRunner, { sql, params });
  if (Number(rows[0]?.taken) !== 1) throw new Error(`A lock was not free for ${waitSeconds} s.`);
  try {
    return await work();
  } finally {
    // The error of the work says more than that the connection is gone.
    await runStatement(queryRunner, { sql: 'SELECT RELEASE_LOCK(?)', params }).catch(() => undefined);
  }
}
