import type { DataSource, EntityMetadata } from 'typeorm';

/**
 * Gives an entity the names of its decorators, whatever the app's naming strategy makes of them, with the prefix of the
 * data source. TypeORM 0.3 and 1 keep both names, and build statements from the ones that this sets. They read all
 * entities again whenever the data source is opened.
 * @param schema PostgreSQL
 */
export function useGivenNames(dataSource: DataSource, metadata: EntityMetadata, schema?: string): void {
  const { entityPrefix = '' } = dataSource.options;
  metadata.tableNameWithoutPrefix = metadata.givenTableName!;
  metadata.tableName = entityPrefix + metadata.givenTableName!;
  if (schema !== undefined) metadata.schema = schema;
  metadata.tablePath = dataSource.driver.buildTableName(metadata.tableName, metadata.schema);
  for (const column of metadata.columns) {
    column.databaseName = column.givenDatabaseName!;
    column.databaseNameWithoutPrefixes = column.givenDatabaseName!;
    column.databasePath = column.givenDatabaseName!;
  }
}
