import type { QueryRunner } from 'typeorm';

export interface SqliteStatement {
  /** Whether it gives rows. */
  readonly reader: boolean;
  all(...params: unknown[]): Record<string, unknown>[];
  run(...params: unknown[]): { changes: number };
}

/** The part of a database of better-sqlite3 11 and 12 that is used. */
export interface SqliteDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  pragma(source: string, options?: { simple: boolean }): unknown;
}

/** What `connect()` of TypeORM's query runner gives on SQLite. Another one where the data source has been opened again. */
export const sqliteDatabaseOf = async (queryRunner: QueryRunner): Promise<SqliteDatabase> =>
  (await queryRunner.connect()) as SqliteDatabase;

/**
 * Whether a transaction is open, of whichever caller: TypeORM 0.3 and 1 have one query runner for SQLite. Its mark is set before
 * its BEGIN is run.
 */
export const isInTransaction = (queryRunner: QueryRunner, database: SqliteDatabase): boolean =>
  queryRunner.isTransactionActive || database.inTransaction;

/**
 * Gives `undefined` where another process has locked the file, at once: SQLite would sleep up to the connection's
 * `busy_timeout`, which is the app's own, and back in place afterwards.
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
