import type { DataSource, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from './typeorm.js';

/**
 * Tells loggers and subscribers of a statement that goes to the driver directly, as `query` of TypeORM 0.3.20 to 1.1 does of its own:
 * the app's slow queries and traces have ours, too.
 */
export class ToldQuery {
  private readonly dataSource: DataSource;
  private startedAt = 0;

  constructor(
    private readonly queryRunner: QueryRunner,
    private readonly sql: string,
    private readonly values: unknown[],
  ) {
    this.dataSource = mustHaveDataSource(queryRunner);
  }

  async started(): Promise<void> {
    const { queryRunner, sql, values } = this;
    this.dataSource.logger.logQuery(sql, values, queryRunner);
    await queryRunner.broadcaster.broadcast('BeforeQuery', sql, values);
    this.startedAt = performance.now();
  }

  async succeeded(result: unknown): Promise<void> {
    const { queryRunner, sql, values } = this;
    const ms = Math.round(performance.now() - this.startedAt);
    const { logger, options } = this.dataSource;
    if (ms > (options.maxQueryExecutionTime ?? Infinity)) logger.logQuerySlow(ms, sql, values, queryRunner);
    await queryRunner.broadcaster.broadcast('AfterQuery', sql, values, true, ms, result, undefined);
  }

  async failed(error: unknown): Promise<void> {
    const { queryRunner, sql, values } = this;
    this.dataSource.logger.logQueryError(error as Error, sql, values, queryRunner);
    await queryRunner.broadcaster.broadcast('AfterQuery', sql, values, false, undefined, undefined, error);
  }
}
