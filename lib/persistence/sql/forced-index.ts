import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';

interface Statement {
  getQueryAndParameters(): [string, unknown[]];
}

/** Has MySQL find the rows of an update by their ids: it may scan a small table, and wait for the locks of all others. */
export const updateById = (update: Statement): Statement => ({
  getQueryAndParameters: () => {
    const [sql, params] = update.getQueryAndParameters();
    return [sql.replace(' SET ', ' FORCE INDEX (PRIMARY) SET '), params];
  },
});

/** Those that statements name: on MySQL these fail where one of them is missing. */
export const FORCED_INDICES = [
  'webhook_deliveries_due',
  'webhook_deliveries_endpoint',
  'webhook_deliveries_tenant',
  'webhook_deliveries_waiting',
  'webhook_events_tenant',
] as const;

/**
 * Has MySQL read rows by an index of the migrations. Left to itself, MariaDB reads a whole log for a page of it: it meets the
 * tenant's index with the endpoint's, and begins with the newest row whatever the cursor. The other databases choose well.
 */
export function byIndex<Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
  index: (typeof FORCED_INDICES)[number],
): SelectQueryBuilder<Entity> {
  const { entityPrefix = '' } = mustHaveDataSource(query).options;
  return forced(query, entityPrefix + index);
}

/** Has MySQL read rows in the order of their ids: for a page of ids it would rather sort a whole index that is smaller. */
export const byPrimaryKey = <Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
): SelectQueryBuilder<Entity> => forced(query, 'PRIMARY');

function forced<Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
  index: string,
): SelectQueryBuilder<Entity> {
  query.useIndex(index);
  const getQuery = query.getQuery.bind(query);
  // TypeORM suggests an index, which is not enough.
  query.getQuery = () => getQuery().replace(' USE INDEX ', ' FORCE INDEX ');
  return query;
}
