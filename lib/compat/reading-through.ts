import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** What reads and builds statements. Repositories are left out: libraries patch theirs to join a caller's transaction. */
export type ReadingManager = Pick<
  EntityManager,
  'createQueryBuilder' | 'existsBy' | 'find' | 'findOne' | 'findOneBy' | 'query'
>;

/**
 * A manager whose every read goes through `query`, and not to a connection of `queryRunner`. In TypeORM 0.3.20 to 1.1, all of
 * `ReadingManager` ends in `query` of the manager's query runner, and connects nothing before.
 */
export function readingThrough(
  dataSource: DataSource,
  queryRunner: QueryRunner,
  query: (sql: string, params?: unknown[], structured?: boolean) => Promise<unknown>,
): ReadingManager {
  // The one query runner of SQLite is the app's, too, so that it is left as it is.
  return dataSource.createEntityManager(
    Object.create(queryRunner, { query: { value: query } }) as QueryRunner,
  );
}
