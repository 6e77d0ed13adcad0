import type { DataSource, QueryRunner } from 'typeorm';
import {
  isInTransaction,
  sqliteDatabaseOf,
  unlessLocked,
  type SqliteDatabase,
  type SqliteStatement,
} from '../../compat/sqlite-database.js';
import { subscribeTo } from '../../compat/typeorm.js';
import { MAX_WAIT_MS, WebhooksDatabaseBusyError } from './database-busy.error.js';
import {
  joined,
  statementsOf,
  type OwnExecutor,
  type SqlResult,
  type SqlRow,
  type SqlStatement,
  type SqlStep,
} from './sql-executor.js';

const POLL_MS = 2;
const MAX_PREPARED = 200;

/**
 * SQLite. TypeORM shares one connection between all callers, so a statement of ours would join another caller's open
 * transaction, and be undone with it. Ours wait until none is open, and then run without yielding to the event loop,
 * which makes them a transaction of their own. They also wait for other processes without blocking the event loop,
 * which SQLite itself would block.
 */
export class SqliteExecutor implements OwnExecutor {
  private readonly prepared = new Map<string, SqliteStatement>();
  private database: SqliteDatabase | undefined;
  private readonly waiting = new Set<() => void>();

  private readonly goOn = (): void => this.waiting.forEach((goOn) => goOn());
  /** If the app's transactions follow each other without a pause, this is the only moment between them. */
  private readonly subscriber = { afterTransactionCommit: this.goOn, afterTransactionRollback: this.goOn };

  constructor(private readonly dataSource: DataSource) {}

  async run(steps: readonly SqlStep[]): Promise<SqlResult[]> {
    const queryRunner = this.dataSource.createQueryRunner();
    const database = await this.connect(queryRunner);
    const start = performance.now();
    for (;;) {
      // There must be no await between the last check and BEGIN.
      while (isInTransaction(queryRunner, database)) {
        await this.pauseSince(start, 'transaction');
      }
      const results = unlessLocked(database, () => this.runAll(database, steps));
      if (results) return results;
      await this.pauseSince(start, 'process');
    }
  }

  /** Reads, in the caller's transaction if there is one. A write would join it. */
  async read(statement: SqlStatement): Promise<SqlRow[]> {
    const database = await this.connect(this.dataSource.createQueryRunner());
    const start = performance.now();
    for (;;) {
      const result = unlessLocked(database, () => this.runNow(database, statement));
      if (result) return result.rows;
      await this.pauseSince(start, 'process');
    }
  }

  private runAll(database: SqliteDatabase, steps: readonly SqlStep[]): SqlResult[] {
    database.exec('BEGIN IMMEDIATE');
    try {
      const results: SqlResult[] = [];
      for (const step of steps) {
        results.push(joined(statementsOf(step, results).map((one) => this.runNow(database, one))));
      }
      database.exec('COMMIT');
      return results;
    } catch (error) {
      // SQLite has already rolled back if its disk is full.
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  /** `BEGIN IMMEDIATE` admits one writer at a time, of all processes. */
  runExclusively(_key: string, steps: readonly SqlStep[]): Promise<SqlResult[]> {
    return this.run(steps);
  }

  private async connect(queryRunner: QueryRunner): Promise<SqliteDatabase> {
    const database = await sqliteDatabaseOf(queryRunner);
    if (database !== this.database) this.prepared.clear();
    return (this.database = database);
  }

  private runNow(database: SqliteDatabase, { sql, params }: SqlStatement): SqlResult {
    const statement = this.prepare(database, sql);
    const values = params.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (!statement.reader) return { rows: [], affected: statement.run(...values).changes };
    const rows = statement.all(...values);
    return { rows, affected: rows.length };
  }

  private prepare(database: SqliteDatabase, sql: string): SqliteStatement {
    const known = this.prepared.get(sql);
    if (known) return known;
    // Lists of ids make many texts of one statement.
    if (this.prepared.size >= MAX_PREPARED) this.prepared.clear();
    const statement = database.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }

  /** Waits until a transaction has ended, or a moment for those whose end we are not told of. */
  private async pauseSince(start: number, heldBy: 'transaction' | 'process'): Promise<void> {
    const waited = performance.now() - start;
    subscribeTo(this.dataSource, this.subscriber);
    if (waited > MAX_WAIT_MS) throw new WebhooksDatabaseBusyError(heldBy, waited);
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        this.waiting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, POLL_MS);
      this.waiting.add(goOn);
    });
  }
}
