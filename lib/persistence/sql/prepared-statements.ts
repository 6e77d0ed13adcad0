import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { QueryFailedError, type QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { failed, runStatement, type SqlResult, type SqlRow, type SqlStatement } from './sql-executor.js';

/** The part of a connection of node-postgres that is used. */
interface PostgresClient {
  query(statement: PreparedQuery): Promise<{ rows: SqlRow[]; rowCount: number | null }>;
  query(sql: string): Promise<unknown>;
  /** Tells of each message of the server. `pg-native` has none. */
  readonly connection?: EventEmitter;
}

interface PreparedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Without word of what the server has bound: the codes of one that knows nothing of a name, and of poolers that don't. */
const NOT_PREPARED: readonly unknown[] = ['26000', '42P05', '0A000', '08P01'];

/** A plan is made anew when it is as old as that and has been used that often: tables grow, and a plan for few rows scans them. */
const PLAN_MS = 1_000;
const PLAN_RUNS = 20;

/**
 * Runs statements of PostgreSQL that are always the same under a name: each connection parses and plans them once, which
 * takes as long as a dozen rows. Behind a pooler that gives each statement another connection, or refuses names, they run
 * without: a statement that was refused before it ran is sent again.
 */
export class PreparedStatements {
  private readonly names = new Map<string, string>();
  private readonly plans = new WeakMap<PostgresClient, { madeAt: number; runs: number }>();
  private isRefused = false;
  private hasWorked = false;

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
    const isBound = watchBind(client);
    try {
      await broadcaster.broadcast('BeforeQuery', sql, values);
      await this.keepPlansFresh(client);
      const start = performance.now();
      const result = await client.query({ name: this.nameOf(sql), text: sql, values });
      this.hasWorked = true;
      const ms = Math.round(performance.now() - start);
      const { maxQueryExecutionTime = Infinity } = dataSource.options;
      if (ms > maxQueryExecutionTime) dataSource.logger.logQuerySlow(ms, sql, values, queryRunner);
      await broadcaster.broadcast('AfterQuery', sql, values, true, ms, result, undefined);
      return { rows: result.rows, affected: result.rowCount ?? 0 };
    } catch (error) {
      const wasBound = isBound();
      if (wasNotRun(error, wasBound)) return this.runUnnamed(queryRunner, statement);
      // It may be what a pooler has closed the connection for.
      this.isRefused ||= wasBound === false && !this.hasWorked;
      dataSource.logger.logQueryError(error as Error, sql, values, queryRunner);
      await broadcaster.broadcast('AfterQuery', sql, values, false, undefined, undefined, error);
      return failed(queryRunner, new QueryFailedError(sql, [], error as Error));
    }
  }

  /** Where that works, it was the name that was refused. */
  private async runUnnamed(queryRunner: QueryRunner, statement: SqlStatement): Promise<SqlResult> {
    const result = await runStatement(queryRunner, statement);
    this.isRefused = true;
    return result;
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

/** Gives what tells whether the server has bound a statement since; `undefined` where nobody knows. To be called once. */
function watchBind({ connection }: PostgresClient): () => boolean | undefined {
  if (!connection) return () => undefined;
  let isBound = false;
  const onBind = (): void => void (isBound = true);
  connection.once('bindComplete', onBind);
  return () => {
    connection.off('bindComplete', onBind);
    return isBound;
  };
}

/** Whether the server refused a statement before it ran, and keeps the connection: only a server's errors have a severity. */
function wasNotRun(error: unknown, isBound: boolean | undefined): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  if (severity === 'FATAL') return false;
  return isBound === undefined ? NOT_PREPARED.includes(code) : !isBound && severity !== undefined;
}
