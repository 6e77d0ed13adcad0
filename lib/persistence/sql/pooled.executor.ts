import type { DataSource, QueryRunner } from 'typeorm';
import { driverErrorOf } from '../../compat/driver-error.js';
import { transactionLock, withConnectionLock } from './named-lock.js';
import { isDemoted } from './demoted-server.js';
import { onOwnConnection } from './own-connection.js';
import { PreparedStatements } from './prepared-statements.js';
import {
  TransactionExecutor,
  runStatement,
  type OwnExecutor,
  type SqlResult,
  type SqlStatement,
  type SqlStep,
} from './sql-executor.js';

/** PostgreSQL and MySQL: a connection of the pool, with a transaction for more than one statement. */
export class PooledExecutor implements OwnExecutor {
  private readonly prepared: PreparedStatements | undefined;
  /** Whether the app's sessions have another isolation than READ COMMITTED: see `runAlone`. */
  private clashesAlone = false;

  constructor(private readonly dataSource: DataSource) {
    if (dataSource.options.type === 'postgres') this.prepared = new PreparedStatements();
  }

  run(steps: readonly SqlStep[]): Promise<SqlResult[]> {
    return this.onConnection(async (queryRunner) => {
      const [only, ...others] = steps;
      if (only && 'params' in only && only.inIndexOrder) return [await runInIndexOrder(queryRunner, only)];
      if (this.clashesAlone || !only || others.length > 0 || !('params' in only))
        return inTransaction(queryRunner, steps);
      return [await this.runAlone(queryRunner, only)];
    });
  }

  /**
   * A statement outside a transaction has the session's isolation. Under any but READ COMMITTED, PostgreSQL fails it if
   * another statement was faster. From then on, every statement gets a transaction with its own isolation.
   */
  private async runAlone(queryRunner: QueryRunner, statement: SqlStatement): Promise<SqlResult> {
    try {
      return await this.runNow(queryRunner, statement);
    } catch (error) {
      if (driverErrorOf(error).code !== SERIALIZATION_FAILURE) throw error;
      this.clashesAlone = true;
      return (await inTransaction(queryRunner, [statement]))[0]!;
    }
  }

  private async runNow(queryRunner: QueryRunner, statement: SqlStatement): Promise<SqlResult> {
    if (statement.isolation) {
      // Applies to the connection's next transaction, which is the statement.
      await queryRunner.query(`SET TRANSACTION ISOLATION LEVEL ${statement.isolation}`);
    }
    return statement.prepared && this.prepared
      ? this.prepared.run(queryRunner, statement)
      : runStatement(queryRunner, statement);
  }

  runExclusively(key: string, steps: readonly SqlStep[]): Promise<SqlResult[]> {
    return this.onConnection((queryRunner) =>
      this.dataSource.options.type === 'postgres'
        ? inTransaction(queryRunner, steps, transactionLock(key))
        : withConnectionLock(queryRunner, key, () => inTransaction(queryRunner, steps)),
    );
  }

  private onConnection<Result>(work: (queryRunner: QueryRunner) => Promise<Result>): Promise<Result> {
    return retrying(() => onOwnConnection(this.dataSource, 'master', work));
  }
}

/** Claims do this all the time, so the settings of the transaction go with its start. */
async function runInIndexOrder(queryRunner: QueryRunner, statement: SqlStatement): Promise<SqlResult> {
  await queryRunner.query(
    'START TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off',
  );
  try {
    const result = await runStatement(queryRunner, statement);
    await queryRunner.query('COMMIT');
    return result;
  } catch (error) {
    await queryRunner.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function inTransaction(
  queryRunner: QueryRunner,
  steps: readonly SqlStep[],
  lock?: SqlStatement,
): Promise<SqlResult[]> {
  // READ COMMITTED avoids MySQL's gap locks, which make concurrent batches deadlock.
  await queryRunner.startTransaction('READ COMMITTED');
  try {
    if (lock) await runStatement(queryRunner, lock);
    const results = await new TransactionExecutor(queryRunner).run(steps);
    await queryRunner.commitTransaction();
    return results;
  } catch (error) {
    // The rollback fails as well if the connection is gone. The first error says why.
    await queryRunner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

/** PostgreSQL, under REPEATABLE READ or SERIALIZABLE. */
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_TRIES = 5;
const DEADLOCKS: readonly unknown[] = ['ER_LOCK_DEADLOCK', '40P01'];
/** Each try drops one connection of the demoted server. The pool may hold more of them. */
const DEMOTED_TRIES = 3;

/**
 * Runs again what the database has undone completely: because of a conflict, or because this server takes no writes.
 */
async function retrying<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= triesOf(error)) throw error;
    }
  }
}

function triesOf(error: unknown): number {
  if (isDemoted(error)) return DEMOTED_TRIES;
  return DEADLOCKS.includes(driverErrorOf(error).code) ? DEADLOCK_TRIES : 1;
}
