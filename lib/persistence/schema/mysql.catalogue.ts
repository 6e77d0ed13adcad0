import type { QueryRunner } from 'typeorm';
import { driverErrorOf } from '../../compat/driver-error.js';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import {
  indicesOfRows,
  type Catalogue,
  type FoundIndex,
  type FoundTable,
  type Privilege,
} from './found-table.js';
import { quotedPath } from './own-names.js';

interface ColumnRow {
  readonly table_name: string;
  readonly name: string;
  readonly collation: string | null;
  readonly privileges: string;
}

interface IndexRow {
  readonly TABLE_NAME: string;
  readonly INDEX_NAME: string;
  readonly COLUMN_NAME: string | null;
  readonly NON_UNIQUE: number | string;
  /** MySQL. */
  readonly IS_VISIBLE?: string;
  /** MariaDB. */
  readonly IGNORED?: string;
}

/** The catalogue shows this user's privileges by column, including those of roles, but not `DELETE`. */
const COLUMN_PRIVILEGES: readonly Privilege[] = ['SELECT', 'INSERT', 'UPDATE'];

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

export async function readMysqlCatalogue(
  queryRunner: QueryRunner,
  paths: readonly string[],
): Promise<Catalogue> {
  const columns = (await queryRunner.query(
    `SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, COLLATION_NAME AS collation, PRIVILEGES AS privileges
      FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${marks(paths)})`,
    [...paths],
  )) as ColumnRow[];
  const indices = await mysqlIndicesOf(queryRunner, paths);
  const catalogue = new Map<string, FoundTable>();
  for (const path of paths) {
    const own = columns.filter(({ table_name: table }) => isName(table, path));
    if (own.length === 0) continue;
    catalogue.set(path, {
      columns: new Map(own.map(({ name, collation }) => [name, collation])),
      indices: indices.filter(({ table }) => isName(table, path)),
      lacks: COLUMN_PRIVILEGES.filter((privilege) => own.some((column) => !may(column, privilege))),
    });
  }
  return catalogue;
}

/**
 * MySQL hides tables on which the user has no privileges. For paths that are missing in the catalogue, returns the
 * tables that exist.
 */
export async function hiddenMysqlTables(
  queryRunner: QueryRunner,
  paths: readonly string[],
  catalogue: Catalogue,
): Promise<Catalogue> {
  const hidden = new Map<string, FoundTable>();
  for (const path of paths.filter((one) => !catalogue.has(one))) {
    try {
      await queryRunner.query(
        `SELECT 1 FROM ${quotedPath(mustHaveDataSource(queryRunner), path)} WHERE 1 = 0`,
      );
    } catch (error) {
      if (!isDenied(error)) continue;
      hidden.set(path, { columns: new Map(), indices: [], lacks: [...COLUMN_PRIVILEGES, 'DELETE'] });
    }
  }
  return hidden;
}

/** Whether the user lacks the privilege on the table, or on one of its columns. */
export const isDenied = (error: unknown): boolean => DENIED.includes(driverErrorOf(error).errno);

const DENIED: readonly unknown[] = [1142, 1143];

/** The indices of these tables that the database uses. */
export async function mysqlIndicesOf(
  queryRunner: QueryRunner,
  tables: readonly string[],
): Promise<(FoundIndex & { table: string })[]> {
  // Selects all columns: MySQL and MariaDB use different ones for a hidden index.
  const rows = (await queryRunner.query(
    `SELECT * FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${marks(tables)})
      ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
    [...tables],
  )) as IndexRow[];
  const used = rows.filter((row) => row.IS_VISIBLE !== 'NO' && row.IGNORED !== 'YES');
  return [...new Set(used.map((row) => row.TABLE_NAME))].flatMap((table) =>
    indicesOfRows(
      used
        .filter((row) => row.TABLE_NAME === table)
        .map((row) => ({
          index: row.INDEX_NAME,
          column: row.COLUMN_NAME,
          isUnique: Number(row.NON_UNIQUE) === 0,
        })),
    ).map((index) => ({ ...index, table })),
  );
}

const may = ({ privileges }: ColumnRow, privilege: Privilege): boolean =>
  privileges.toUpperCase().split(',').includes(privilege);

/** Some servers store table names in lower case. */
const isName = (table: string, path: string): boolean => table.toLowerCase() === path.toLowerCase();
