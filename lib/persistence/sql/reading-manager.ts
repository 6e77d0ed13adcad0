import {
  QueryFailedError,
  type DataSource,
  type EntityManager,
  type QueryRunner,
  type ReplicationMode,
} from 'typeorm';
import { WebhooksDatabaseBusyError } from './database-busy.error.js';
import { onOwnConnection } from './own-connection.js';
import type { SqliteExecutor } from './sqlite.executor.js';

/** What reads and builds statements. Repositories are left out: libraries patch theirs to join a caller's transaction. */
export type ReadingManager = Pick<
  EntityManager,
  'createQueryBuilder' | 'existsBy' | 'find' | 'findOne' | 'findOneBy' | 'query'
>;

/**
 * A manager whose every read takes a connection of its own: of the primary (`master`), or of a replica where the app has
 * one (`slave`). The read stays on that connection, whatever transaction its caller is in.
 * Its reads throw a `WebhooksDatabaseBusyError` where the pool gives no connection.
 */
export function readingManager(dataSource: DataSource, mode: ReplicationMode): ReadingManager {
  // SQLite has one connection, which all callers share, and no replica.
  if (dataSource.options.type === 'better-sqlite3') return dataSource.createEntityManager();
  const neverConnected = dataSource.createQueryRunner(mode);
  const query = (...args: Parameters<QueryRunner['query']>): Promise<unknown> =>
    onOwnConnection(dataSource, mode, (queryRunner) => queryRunner.query(...args));
  return Object.assign(neverConnected, { query }).manager;
}

/**
 * As `readingManager`, on the one connection of SQLite that all callers share: it waits for other processes without keeping
 * the event loop. There is no replica.
 */
export function sqliteReadingManager(dataSource: DataSource, executor: SqliteExecutor): ReadingManager {
  const shared = dataSource.createQueryRunner();
  const query = async (sql: string, params: unknown[] = [], structured = false): Promise<unknown> => {
    dataSource.logger.logQuery(sql, params, shared);
    try {
      const rows = await executor.read({ sql, params });
      return structured ? { raw: rows, records: rows } : rows;
    } catch (error) {
      if (error instanceof WebhooksDatabaseBusyError) throw error;
      dataSource.logger.logQueryError(error as Error, sql, params, shared);
      throw new QueryFailedError(sql, params, error as Error);
    }
  };
  // TypeORM has one query runner for SQLite, which is the app's, too.
  const own = Object.create(shared, { query: { value: query } }) as QueryRunner;
  return dataSource.createEntityManager(own);
}
