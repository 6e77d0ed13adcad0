import type { DataSource, EntityManager, QueryRunner, ReplicationMode } from 'typeorm';
import { onOwnConnection } from './own-connection.js';

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
