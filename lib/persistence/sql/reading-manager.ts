import type { DataSource, EntityManager, QueryRunner, ReplicationMode } from 'typeorm';

/** What reads and builds statements. Repositories are left out: libraries patch theirs to join a caller's transaction. */
export type ReadingManager = Pick<
  EntityManager,
  'createQueryBuilder' | 'existsBy' | 'find' | 'findOne' | 'findOneBy' | 'query'
>;

/**
 * A manager whose every read takes a connection of its own: of the primary (`master`), or of a replica where the app has
 * one (`slave`). The read stays on that connection, whatever transaction its caller is in.
 */
export function readingManager(dataSource: DataSource, mode: ReplicationMode): ReadingManager {
  // SQLite has one connection, which all callers share, and no replica.
  if (dataSource.options.type === 'better-sqlite3') return dataSource.createEntityManager();
  const neverConnected = dataSource.createQueryRunner(mode);
  const query = async (...args: Parameters<QueryRunner['query']>): Promise<unknown> => {
    const queryRunner = dataSource.createQueryRunner(mode);
    try {
      return await queryRunner.query(...args);
    } finally {
      await queryRunner.release();
    }
  };
  return Object.assign(neverConnected, { query }).manager;
}
