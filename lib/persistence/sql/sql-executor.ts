import type { QueryRunner } from 'typeorm';

export interface SqlStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

export type SqlRow = Record<string, unknown>;

/** What one statement gave: its rows, and how many rows it changed where the driver tells. */
export interface SqlResult {
  readonly rows: SqlRow[];
  readonly affected: number;
}

/** A statement, or one made from the results of those before it; `undefined` when there is nothing left to do. */
export type SqlStep = SqlStatement | ((results: readonly SqlResult[]) => SqlStatement | undefined);

/** Runs the steps in order and atomically: all of them take effect, or none. */
export interface SqlExecutor {
  run(steps: readonly SqlStep[]): Promise<SqlResult[]>;
}

/** Runs steps in transactions of its own. */
export interface OwnExecutor extends SqlExecutor {
  /** As `run`, while nobody else runs steps with the same key: what is read stays true until it is acted upon. */
  runExclusively(key: string, steps: readonly SqlStep[]): Promise<SqlResult[]>;
}

export const NO_RESULT: SqlResult = { rows: [], affected: 0 };

/** Runs the steps on a connection that is in a transaction already: the caller's. */
export class TransactionExecutor implements SqlExecutor {
  constructor(private readonly queryRunner: QueryRunner) {}

  async run(steps: readonly SqlStep[]): Promise<SqlResult[]> {
    const results: SqlResult[] = [];
    for (const step of steps) {
      const statement = typeof step === 'function' ? step(results) : step;
      results.push(statement ? await runStatement(this.queryRunner, statement) : NO_RESULT);
    }
    return results;
  }
}

export async function runStatement(queryRunner: QueryRunner, statement: SqlStatement): Promise<SqlResult> {
  const result = await queryRunner.query(statement.sql, [...statement.params], true).catch(withoutValues);
  return { rows: (result.records as SqlRow[] | undefined) ?? [], affected: result.affected ?? 0 };
}

/** Where TypeORM and the drivers keep what was to be written: `detail` of PostgreSQL holds the failing row. */
const VALUES = ['parameters', 'sql', 'detail', 'where'];

/** Secrets, bodies and headers are among the values, and errors end up in logs. */
function withoutValues(error: unknown): never {
  for (const holder of [error, (error as { driverError?: unknown } | undefined)?.driverError]) {
    if (typeof holder === 'object' && holder !== null) {
      for (const name of VALUES) Reflect.deleteProperty(holder, name);
    }
  }
  throw error;
}
