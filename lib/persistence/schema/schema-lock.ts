import type { QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { transactionLock, withConnectionLock } from '../sql/named-lock.js';
import { runStatement } from '../sql/sql-executor.js';
import { tablePath } from './own-names.js';
import { isMysql } from './table-statements.js';

/** A migration may build an index of a large log. */
const WAIT_SECONDS = 3_600;

/**
 * Runs `work` while no other process changes our tables: several may start at once on an empty database. On
 * PostgreSQL and SQLite it is one transaction (the caller's, if there is one), so all of it happens or nothing.
 */
export async function withSchemaLock<Result>(
  queryRunner: QueryRunner,
  work: () => Promise<Result>,
): Promise<Result> {
  const dataSource = mustHaveDataSource(queryRunner);
  // On these servers, all databases share one namespace for locks.
  const key = `schema ${dataSource.driver.database ?? ''} ${tablePath(dataSource, 'webhook')}`;
  if (isMysql(dataSource)) return withConnectionLock(queryRunner, key, work, WAIT_SECONDS);
  const isPostgres = dataSource.options.type === 'postgres';
  const locked = async (): Promise<Result> => {
    await (isPostgres ? runStatement(queryRunner, transactionLock(key)) : takeWriteLock(queryRunner));
    return work();
  };
  if (queryRunner.isTransactionActive) return locked();
  // It must see what others committed while it waited.
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

/**
 * On SQLite, one transaction at a time can write, from its first write on. A transaction that reads first would fail
 * instead of waiting.
 */
async function takeWriteLock(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query('CREATE TABLE webhooks_lock (id int)');
  await queryRunner.query('DROP TABLE webhooks_lock');
}
