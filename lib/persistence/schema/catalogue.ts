import type { DataSource, QueryRunner } from 'typeorm';
import { UnsupportedDatabaseError } from '../unsupported-database.error.js';
import type { Catalogue } from './found-table.js';
import { readMysqlCatalogue } from './mysql.catalogue.js';
import { readPostgresCatalogue } from './postgres.catalogue.js';
import { readSqliteCatalogue } from './sqlite.catalogue.js';

/** Reads tables from the database's catalogue, in one or two statements. @param paths with schema, not quoted */
export function readCatalogue(
  queryRunner: QueryRunner,
  { options: { type } }: DataSource,
  paths: readonly string[],
): Promise<Catalogue> {
  switch (type) {
    case 'postgres':
      return readPostgresCatalogue(queryRunner, paths);
    case 'mysql':
    case 'mariadb':
      return readMysqlCatalogue(queryRunner, paths);
    case 'better-sqlite3':
      return readSqliteCatalogue(queryRunner, paths);
    default:
      throw new UnsupportedDatabaseError(type);
  }
}
