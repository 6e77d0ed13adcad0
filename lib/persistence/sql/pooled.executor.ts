import type { DataSource } from 'typeorm';
import {
  TransactionExecutor,
  runStatement,
  type SqlExecutor,
  type SqlResult,
  type SqlStep,
} from './sql-executor.js';

/** PostgreSQL and MySQL: a connection of the pool, and a transaction where there is more than one statement. */
export class PooledExecutor implements SqlExecutor {
  constructor(private readonly dataSource: DataSource) {}

  async run(steps: readonly SqlStep[]): Promise<SqlResult[]> {
    const queryRunner = this.dataSource.createQueryRunner();
    try {
      const [only, ...others] = steps;
      if (only && others.length === 0 && typeof only !== 'function')
        return [await runStatement(queryRunner, only)];
      // READ COMMITTED spares MySQL the gap locks that make concurrent batches deadlock.
      await queryRunner.startTransaction('READ COMMITTED');
      try {
        const results = await new TransactionExecutor(queryRunner).run(steps);
        await queryRunner.commitTransaction();
        return results;
      } catch (error) {
        // The rollback fails too when the connection is gone; the first error is the one that tells why.
        await queryRunner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await queryRunner.release();
    }
  }
}
