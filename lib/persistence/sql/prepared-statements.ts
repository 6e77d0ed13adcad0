import { createHash } from 'node:crypto';
import { QueryFailedError, type QueryRunner } from 'typeorm';
import { postgresClientOf, watchBind, type PostgresClient } from '../../compat/postgres-client.js';
import { ToldQuery } from '../../compat/told-query.js';
import { failed, runStatement, type SqlResult, type SqlStatement } from './sql-executor.js';

/** Errors of a server that does not know a name, and of poolers. */
const NOT_PREPARED: readonly unknown[] = ['26000', '42P05', '0A000', '08P01'];

/**
 * A plan is renewed when it is this old and has been used this often: tables grow, and a plan for few rows scans them.
 */
const PLAN_MS = 1_000;
const PLAN_RUNS = 20;

/**
 * Runs PostgreSQL statements that always have the same text under a name. So each connection parses and plans them
 * once, which takes as long as a dozen rows. Behind a pooler that gives each statement another connection, or refuses
 * names, they run without one. A statement that was refused before it ran is sent again.
 */
export class PreparedStatements {
  private readonly names = new Map<string, string>();
  private readonly plans = new WeakMap<PostgresClient, { madeAt: number; runs: number }>();
  private isRefused = false;
  private hasWorked = false;

  /** @param now milliseconds of any steady clock */
  constructor(private readonly now: () => number = () => performance.now()) {}

  async run(queryRunner: QueryRunner, statement: SqlStatement): Promise<SqlResult> {
    if (this.isRefused) return runStatement(queryRunner, statement);
    const client = await postgresClientOf(queryRunner);
    const { sql } = statement;
    const values = [...statement.params];
    // TypeORM's own `query` takes no name.
    const told = new ToldQuery(queryRunner, sql, values);
    const isBound = watchBind(client);
    try {
      await told.started();
      await this.keepPlansFresh(client);
      const result = await client.query({ name: this.nameOf(sql), text: sql, values });
      this.hasWorked = true;
      await told.succeeded(result);
      return { rows: result.rows, affected: result.rowCount ?? 0 };
    } catch (error) {
      const wasBound = isBound();
      if (wasNotRun(error, wasBound)) return this.runUnnamed(queryRunner, statement);
      // A pooler may have closed the connection because of the name.
      this.isRefused ||= wasBound === false && !this.hasWorked;
      await told.failed(error);
      return failed(queryRunner, new QueryFailedError(sql, [], error as Error));
    }
  }

  /** If that works, the name was the problem. */
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

  /** Two processes that share a server's connection through a pooler mean the same statement by a name. */
  private nameOf(sql: string): string {
    const known = this.names.get(sql);
    if (known) return known;
    const name = `nestjs_webhooks_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`;
    this.names.set(sql, name);
    return name;
  }
}

/**
 * Whether the server refused the statement before it ran, and keeps the connection: only errors of a server have a
 * severity.
 */
function wasNotRun(error: unknown, isBound: boolean | undefined): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  if (severity === 'FATAL') return false;
  return isBound === undefined ? NOT_PREPARED.includes(code) : !isBound && severity !== undefined;
}
