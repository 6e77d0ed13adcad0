import type { DataSource, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from './typeorm.js';

/**
 * Reports a statement that goes directly to the driver to loggers and subscribers, as `query` of TypeORM 0.3.20 to 1.1
 * does. So the app's slow-query logs and traces include ours.
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
