import { QueryFailedError, type DataSource, type ReplicationMode } from 'typeorm';
import { readingThrough, type ReadingManager } from '../../compat/reading-through.js';
import { WebhooksDatabaseBusyError } from './database-busy.error.js';
import { onOwnConnection } from './own-connection.js';
import type { SqliteExecutor } from './sqlite.executor.js';

/**
 * A manager whose reads each take a connection of their own: of the primary (`master`), or of a replica if the app has
 * one (`slave`). A read stays on that connection, whatever transaction its caller is in.
 * Reads throw a `WebhooksDatabaseBusyError` if the pool gives no connection.
 */
export function readingManager(dataSource: DataSource, mode: ReplicationMode): ReadingManager {
  return readingThrough(dataSource, dataSource.createQueryRunner(mode), (sql, params, structured) =>
    onOwnConnection(dataSource, mode, (queryRunner) =>
      structured ? queryRunner.query(sql, params, true) : queryRunner.query(sql, params),
    ),
  );
}

/**
 * Like `readingManager`, on SQLite's one connection, which all callers share. It waits for other processes without
 * blocking the event loop. There is no replica.
 */
export function sqliteReadingManager(dataSource: DataSource, executor: SqliteExecutor): ReadingManager {
  const shared = dataSource.createQueryRunner();
  return readingThrough(dataSource, shared, async (sql, params = [], structured = false) => {
    dataSource.logger.logQuery(sql, params, shared);
    try {
      const rows = await executor.read({ sql, params });
      return structured ? { raw: rows, records: rows } : rows;
    } catch (error) {
      if (error instanceof WebhooksDatabaseBusyError) throw error;
      dataSource.logger.logQueryError(error as Error, sql, params, shared);
      throw new QueryFailedError(sql, params, error as Error);
    }
  });
}
