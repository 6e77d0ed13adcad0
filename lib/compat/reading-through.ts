import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/**
 * The reading and query-building methods. Without repositories: libraries patch theirs to join a caller's transaction.
 */
export type ReadingManager = Pick<
  EntityManager,
  'createQueryBuilder' | 'existsBy' | 'find' | 'findOne' | 'findOneBy' | 'query'
>;

/**
 * A manager whose reads all go through `query`, and not to a connection of `queryRunner`. In TypeORM 0.3.20 to 1.1,
 * every method of `ReadingManager` ends in `query` of the manager's query runner, and connects nothing before.
 */
export function readingThrough(
  dataSource: DataSource,
  queryRunner: QueryRunner,
  query: (sql: string, params?: unknown[], structured?: boolean) => Promise<unknown>,
): ReadingManager {
  // SQLite's one query runner is also the app's, so it stays unchanged.
  return dataSource.createEntityManager(
    Object.create(queryRunner, { query: { value: query } }) as QueryRunner,
  );
}
