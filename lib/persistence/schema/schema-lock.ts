import type { QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { transactionLock, withConnectionLock } from '../sql/named-lock.js';
import { runStatement } from '../sql/sql-executor.js';
import { tablePath } from './own-names.js';
import { isMysql } from './table-statements.js';

/** A later migration may build an index of a large log. */
const WAIT_SECONDS = 3_600;

/**
 * Runs `work` while no other process makes or changes our tables: several may start at once on an empty database. On
 * PostgreSQL and SQLite it is in one transaction, the caller's where that has one: all of it happens, or nothing.
 */
export async function withSchemaLock<Result>(
  queryRunner: QueryRunner,
  work: () => Promise<Result>,
): Promise<Result> {
  const dataSource = mustHaveDataSource(queryRunner);
  // Servers with several databases have one space of names for locks.
  const key = `schema ${dataSource.driver.database ?? ''} ${tablePath(dataSource, 'webhook')}`;
  if (isMysql(dataSource)) return withConnectionLock(queryRunner, key, work, WAIT_SECONDS);
  const isPostgres = dataSource.options.type === 'postgres';
  const locked = async (): Promise<Result> => {
    await (isPostgres ? runStatement(queryRunner, transactionLock(key)) : takeWriteLock(queryRunner));
    return work();
  };
  if (queryRunner.isTransactionActive) return locked();
  // What others have committed while this one waited must be seen.
  await queryRunner.startTransaction(isPostgres ? 'READ COMMITTED' : undefined);
  try {
    const result = await locked();
    await queryRunner.commitTransaction();
    return result;
  } catch (error) {
    await queryRunner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

/** SQLite lets one transaction write at a time, from its first write on; one that has read before would not wait for it. */
async function takeWriteLock(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query('CREATE TABLE webhooks_lock (id int)');
  await queryRunner.query('DROP TABLE webhooks_lock');
}
