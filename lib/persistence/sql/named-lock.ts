import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { runStatement, type SqlStatement } from './sql-executor.js';

const WAIT_SECONDS = 10;

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** PostgreSQL: a lock that the transaction holds until it ends. It works behind poolers that share connections, too. */
export const transactionLock = (key: string): SqlStatement => ({
  sql: 'SELECT pg_advisory_xact_lock($1)',
  params: [digestOf(key).readBigInt64BE().toString()],
});

/**
 * MySQL, whose named locks belong to the connection: runs `work` while this one holds the lock, until after its commit.
 * A connection that is lost gives its lock back.
 */
export async function withConnectionLock<Result>(
  queryRunner: QueryRunner,
  key: string,
  work: () => Promise<Result>,
  waitSeconds = WAIT_SECONDS,
): Promise<Result> {
  // Names have up to 64 characters, and are the server's, not the database's.
  const params = [`webhooks:${digestOf(key).toString('hex').slice(0, 40)}`];
  const sql = `SELECT GET_LOCK(?, ${waitSeconds}) AS taken`;
  const { rows } = await runStatement(queryRunner, { sql, params });
  if (Number(rows[0]?.taken) !== 1) throw new Error(`A lock was not free for ${waitSeconds} s.`);
  try {
    return await work();
  } finally {
    // What the work threw tells more than that its connection is gone.
    await runStatement(queryRunner, { sql: 'SELECT RELEASE_LOCK(?)', params }).catch(() => undefined);
  }
}
