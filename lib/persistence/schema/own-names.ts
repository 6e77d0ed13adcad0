import type { DataSource } from 'typeorm';
import { afterInitialize } from '../../compat/after-initialize.js';
import { useGivenNames } from '../../compat/entity-names.js';
import { schemaOf } from '../../compat/typeorm.js';
import { webhooksEntities } from '../entities.js';

/**
 * Gives our entities the names that they have in the migrations and in our statements, whatever the app's naming strategy
 * makes of names: it may add a prefix to tables, or write columns in upper case. `entityPrefix` holds for them.
 * @param schema PostgreSQL: where the tables are, also for a session that has changed its `search_path` since
 */
export function keepOwnNames(dataSource: DataSource, schema?: string): void {
  nameEntities(dataSource, schema);
  // TypeORM reads all entities anew each time that the data source is opened.
  afterInitialize(dataSource, 'webhooks names', () => nameEntities(dataSource, schema));
}

function nameEntities(dataSource: DataSource, schema: string | undefined): void {
  for (const entity of webhooksEntities) useGivenNames(dataSource, dataSource.getMetadata(entity), schema);
}

/** The name of a table or an index of ours: PostgreSQL and SQLite have one space of names for the indices of all tables. */
export const prefixed = (dataSource: DataSource, name: string): string =>
  (dataSource.options.entityPrefix ?? '') + name;

/** A table with the prefix and the schema that the app's `DataSource` gives it, not quoted. */
export function pathOf(dataSource: DataSource, name: string): string {
  return dataSource.driver.buildTableName(prefixed(dataSource, name), schemaOf(dataSource));
}

/** The same, quoted. */
export const tablePath = (dataSource: DataSource, name: string): string =>
  quotedPath(dataSource, pathOf(dataSource, name));

export const quotedPath = ({ driver }: DataSource, path: string): string =>
  path
    .split('.')
    .map((part) => driver.escape(part))
    .join('.');
