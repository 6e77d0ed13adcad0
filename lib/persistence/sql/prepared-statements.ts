import { createHash } from 'node:crypto';
import { QueryFailedError, type QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { failed, runStatement, type SqlResult, type SqlRow, type SqlStatement } from './sql-executor.js';

/** The part of a connection of node-postgres that is used. */
interface PostgresClient {
  query(statement: PreparedQuery): Promise<{ rows: SqlRow[]; rowCount: number | null }>;
  query(sql: string): Promise<unknown>;
}

interface PreparedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/**
 * The codes of a server that knows nothing of the statement, of one that has another by its name, and of one whose tables
 * were altered since. Each comes before anything has run.
 */
const NOT_PREPARED = new Set(['26000', '42P05', '0A000']);

/** A plan is made anew when it is as old as that and has been used that often: tables grow, and a plan for few rows scans them. */
const PLAN_MS = 1_000;
const PLAN_RUNS = 20;

/**
 * Runs statements of PostgreSQL that are always the same under a name: each connection parses and plans them once, which
 * takes as long as a dozen rows. Behind a pooler that gives each statement another connection they run without.
 */
export class PreparedStatements {
  private readonly names = new Map<string, string>();
  private readonly plans = new WeakMap<PostgresClient, { madeAt: number; runs: number }>();
  private isRefused = false;

  /** @param now milliseconds of any clock that runs steadily */
  constructor(private readonly now: () => number = () => performance.now()) {}

  async run(queryRunner: QueryRunner, statement: SqlStatement): Promise<SqlResult> {
    if (this.isRefused) return runStatement(queryRunner, statement);
    const client = (await queryRunner.connect()) as PostgresClient;
    const { sql } = statement;
    const values = [...statement.params];
    // TypeORM's own `query` takes no name. Loggers and subscribers hear what it would tell them.
    const { broadcaster } = queryRunner;
    const dataSource = mustHaveDataSource(queryRunner);
    dataSource.logger.logQuery(sql, values, queryRunner);
    try {
      await broadcaster.broadcast('BeforeQuery', sql, values);
      await this.keepPlansFresh(client);
      const start = performance.now();
      const result = await client.query({ name: this.nameOf(sql), text: sql, values });
      const ms = Math.round(performance.now() - start);
      const { maxQueryExecutionTime = Infinity } = dataSource.options;
      if (ms > maxQueryExecutionTime) dataSource.logger.logQuerySlow(ms, sql, values, queryRunner);
      await broadcaster.broadcast('AfterQuery', sql, values, true, ms, result, undefined);
      return { rows: result.rows, affected: result.rowCount ?? 0 };
    } catch (error) {
      if (NOT_PREPARED.has(String((error as { code?: unknown }).code))) {
        this.isRefused = true;
        return runStatement(queryRunner, statement);
      }
      dataSource.logger.logQueryError(error as Error, sql, values, queryRunner);
      await broadcaster.broadcast('AfterQuery', sql, values, false, undefined, undefined, error);
      return failed(queryRunner, new QueryFailedError(sql, [], error as Error));
    }
  }

  private async keepPlansFresh(client: PostgresClient): Promise<void> {
    const plan = this.plans.get(client);
    if (!plan) this.plans.set(client, { madeAt: this.now(), runs: 1 });
    else if (++plan.runs > PLAN_RUNS && this.now() - plan.madeAt >= PLAN_MS) {
      Object.assign(plan, { madeAt: this.now(), runs: 1 });
      await client.query('DISCARD PLANS');
    }
  }

  /** Two processes that share a server's connection through a pooler mean the same by a name. */
  private nameOf(sql: string): string {
    const known = this.names.get(sql);
    if (known) return known;
    const name = `nestjs_webhooks_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`;
    this.names.set(sql, name);
    return name;
  }
}
