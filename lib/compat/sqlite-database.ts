import type { QueryRunner } from 'typeorm';

export interface SqliteStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  all(...params: unknown[]): Record<string, unknown>[];
  run(...params: unknown[]): { changes: number };
}

/** The part of a better-sqlite3 11 or 12 database that we use. */
export interface SqliteDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  pragma(source: string, options?: { simple: boolean }): unknown;
}

/**
 * The result of `connect()` of TypeORM's query runner on SQLite. It is another one after the data source has been
 * opened again.
 */
export const sqliteDatabaseOf = async (queryRunner: QueryRunner): Promise<SqliteDatabase> =>
  (await queryRunner.connect()) as SqliteDatabase;

/**
 * Whether any caller's transaction is open: TypeORM 0.3 and 1 have one query runner for SQLite. It sets its mark before
 * its BEGIN runs.
 */
export const isInTransaction = (queryRunner: QueryRunner, database: SqliteDatabase): boolean =>
  queryRunner.isTransactionActive || database.inTransaction;

/**
 * Returns `undefined` at once if another process has locked the file. SQLite would sleep for up to the connection's
 * `busy_timeout`, which is the app's own and is restored afterwards.
 */
export function unlessLocked<Result>(database: SqliteDatabase, work: () => Result): Result | undefined {
  const timeout = Number(database.pragma('busy_timeout', { simple: true }));
  database.pragma('busy_timeout = 0');
  try {
    return work();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  } finally {
    database.pragma(`busy_timeout = ${timeout}`);
  }
}
