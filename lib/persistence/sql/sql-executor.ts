import type { QueryRunner } from 'typeorm';
import { withoutValues } from '../../compat/driver-error.js';
import { endWhenReleased } from '../../compat/end-connection.js';
import { structuredQuery } from '../../compat/structured-query.js';
import { isDemoted } from './demoted-server.js';

export interface SqlStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** The statement is frequent, and its text is always the same. So PostgreSQL need not parse and plan it each time. */
  readonly prepared?: true;
  /**
   * For PostgreSQL, if the statement runs alone: it must read an index in its order. Slightly old statistics may say that
   * hardly anything is pending. Then the planner would read and sort everything that is due, for each endpoint.
   */
  readonly inIndexOrder?: true;
  /** For MySQL, if the statement runs alone. */
  readonly isolation?: 'READ COMMITTED' | 'READ UNCOMMITTED';
}

/** Runs once for each of these rows of parameters. Returns the rows of all runs, in order. */
export interface RepeatedStatement {
  readonly sql: string;
  readonly paramsOfEach: readonly (readonly unknown[])[];
}

export type SqlRow = Record<string, unknown>;

/** The result of one statement: its rows, and how many rows it changed if the driver says so. */
export interface SqlResult {
  readonly rows: SqlRow[];
  readonly affected: number;
}

/**
 * A statement, or a function that makes one from the results of the steps before; `undefined` if there is nothing left
 * to do.
 */
export type SqlStep = Runnable | ((results: readonly SqlResult[]) => Runnable | undefined);
type Runnable = SqlStatement | RepeatedStatement | readonly SqlStatement[];

/** For a step after a write: runs only if that changed something. */
export const ifChanged =
  (statements: readonly SqlStatement[]): SqlStep =>
  ([first]) =>
    first!.affected > 0 ? statements : undefined;

/** Runs the steps in order and atomically: all of them take effect, or none. */
export interface SqlExecutor {
  run(steps: readonly SqlStep[]): Promise<SqlResult[]>;
}

/** Runs steps in transactions of its own. */
export interface OwnExecutor extends SqlExecutor {
  /** Like `run`, while nobody else runs steps with the same key. So what is read stays true until it is used. */
  runExclusively(key: string, steps: readonly SqlStep[]): Promise<SqlResult[]>;
}

/** The statements of a step, one by one. */
export function statementsOf(step: SqlStep, results: readonly SqlResult[]): readonly SqlStatement[] {
  const runnable = typeof step === 'function' ? step(results) : step;
  if (!runnable) return [];
  if (isList(runnable)) return runnable;
  if ('params' in runnable) return [runnable];
  const { sql, paramsOfEach } = runnable;
  return paramsOfEach.map((params) => ({ sql, params }));
}

/** `Array.isArray` does not know readonly arrays. */
const isList = (runnable: Runnable): runnable is readonly SqlStatement[] => Array.isArray(runnable);

export function joined(results: readonly SqlResult[]): SqlResult {
  if (results.length === 1) return results[0]!;
  const affected = results.reduce((sum, result) => sum + result.affected, 0);
  return { rows: results.flatMap((result) => result.rows), affected };
}

/** Runs the steps in the caller's open transaction. */
export class TransactionExecutor implements SqlExecutor {
  constructor(private readonly queryRunner: QueryRunner) {}

  run(steps: readonly SqlStep[]): Promise<SqlResult[]> {
    return runEach(steps, (statement) => runStatement(this.queryRunner, statement));
  }
}

/** Runs the steps one statement after the other. */
export async function runEach(
  steps: readonly SqlStep[],
  run: (statement: SqlStatement) => Promise<SqlResult>,
): Promise<SqlResult[]> {
  const results: SqlResult[] = [];
  for (const step of steps) {
    const given: SqlResult[] = [];
    for (const statement of statementsOf(step, results)) given.push(await run(statement));
    results.push(joined(given));
  }
  return results;
}

export const runStatement = (queryRunner: QueryRunner, { sql, params }: SqlStatement): Promise<SqlResult> =>
  structuredQuery(queryRunner, sql, params).catch((error: unknown) => failed(queryRunner, error));

/**
 * Throws the error of a statement without its values: they contain secrets, bodies and headers, and errors end up in
 * logs.
 */
export function failed(queryRunner: QueryRunner, error: unknown): never {
  if (isDemoted(error)) endWhenReleased(queryRunner);
  withoutValues(error);
  throw error;
}
