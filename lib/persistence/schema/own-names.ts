import type { DataSource } from 'typeorm';
import { afterInitialize } from '../../compat/after-initialize.js';
import { useGivenNames } from '../../compat/entity-names.js';
import { schemaOf } from '../../compat/typeorm.js';
import { webhooksEntities } from '../entities.js';

/**
 * Gives our entities the names that migrations and statements use, whatever the app's naming strategy
 * does: it may add a prefix to tables, or change the case of columns. `entityPrefix` still applies.
 * @param schema PostgreSQL: the schema of the tables, also for a session that has changed its `search_path`
 */
export function keepOwnNames(dataSource: DataSource, schema?: string): void {
  nameEntities(dataSource, schema);
  // TypeORM reads all entities again each time the data source is initialized.
  afterInitialize(dataSource, 'webhooks names', () => nameEntities(dataSource, schema));
}

function nameEntities(dataSource: DataSource, schema: string | undefined): void {
  for (const entity of webhooksEntities) useGivenNames(dataSource, dataSource.getMetadata(entity), schema);
}

/**
 * Prefixes the name of a table or an index: on PostgreSQL and SQLite, the indices of all tables share one namespace.
 */
export const prefixed = (dataSource: DataSource, name: string): string =>
  (dataSource.options.entityPrefix ?? '') + name;

/** A table with the prefix and the schema of the app's `DataSource`, not quoted. */
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
