import type { DataSource, QueryRunner } from 'typeorm';
import { prefixed, tablePath } from './own-names.js';
import { TABLES, indicesOf, type Columns, type Index, type TableName } from './tables.js';

/** Whether it is MySQL or MariaDB, whose statements are alike. */
export const isMysql = ({ options: { type } }: DataSource): boolean => type === 'mysql' || type === 'mariadb';

/**
 * Makes a table if it does not exist. On MySQL the statement includes the indices, since that is the only way to make
 * them only if they are missing. We write it ourselves: TypeORM asks the naming strategy for names, and looks before it
 * creates.
 */
export function createTableStatement(
  dataSource: DataSource,
  table: TableName,
  exactText: ExactText | null,
): string {
  const { columns, primaryKey } = TABLES[table];
  const lines = [
    ...Object.entries(columns as Columns).map(([name, kind]) =>
      columnLine(dataSource, name, kind, exactText),
    ),
    `PRIMARY KEY (${quotedList(dataSource, primaryKey)})`,
  ];
  if (isMysql(dataSource)) {
    for (const [name, indexed, { unique } = {}] of indicesOf(table, true)) {
      const index = dataSource.driver.escape(prefixed(dataSource, name));
      lines.push(`${unique ? 'UNIQUE ' : ''}INDEX ${index} (${quotedList(dataSource, indexed)})`);
    }
  }
  // The server's default engine may have no transactions.
  const engine = isMysql(dataSource) ? ' ENGINE=InnoDB' : '';
  return `CREATE TABLE IF NOT EXISTS ${tablePath(dataSource, table)} (${lines.join(', ')})${engine}`;
}

/** Makes an index. PostgreSQL and SQLite make it only if there is none with that name. */
export function createIndexStatement(
  dataSource: DataSource,
  table: TableName,
  [name, columns, { unique, where } = {}]: Index,
): string {
  const unlessThere = isMysql(dataSource) ? '' : 'IF NOT EXISTS ';
  const index = dataSource.driver.escape(prefixed(dataSource, name));
  return (
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${unlessThere}${index} ON ${tablePath(dataSource, table)} ` +
    `(${quotedList(dataSource, columns)})${where ? ` WHERE ${where}` : ''}`
  );
}

export function dropIndexStatement(dataSource: DataSource, table: TableName, name: string): string {
  const { driver } = dataSource;
  if (isMysql(dataSource))
    return `DROP INDEX ${driver.escape(prefixed(dataSource, name))} ON ${tablePath(dataSource, table)}`;
  return `DROP INDEX ${tablePath(dataSource, name)}`;
}

/** For a nullable column, so that existing rows need no value. */
export function addColumnStatement(
  dataSource: DataSource,
  table: TableName,
  name: string,
  exactText: ExactText | null,
): string {
  const line = columnLine(dataSource, name, (TABLES[table].columns as Columns)[name]!, exactText);
  return `ALTER TABLE ${tablePath(dataSource, table)} ADD COLUMN ${line}`;
}

export const dropColumnStatement = (dataSource: DataSource, table: TableName, name: string): string =>
  `ALTER TABLE ${tablePath(dataSource, table)} DROP COLUMN ${dataSource.driver.escape(name)}`;

/** The statement that brings a lost primary key back; SQLite has none. */
export const addPrimaryKeyStatement = (dataSource: DataSource, table: TableName): string =>
  `ALTER TABLE ${tablePath(dataSource, table)} ADD PRIMARY KEY (${quotedList(dataSource, TABLES[table].primaryKey)})`;

/**
 * MySQL: the collation that distinguishes texts that differ in case, or in spaces at their ends. The default ones would
 * make `acme`, `ACME` and `acme ` one tenant.
 */
export interface ExactText {
  readonly collation: 'utf8mb4_0900_bin' | 'utf8mb4_nopad_bin';
}

/** `null` for databases that compare texts exactly anyway. */
export async function exactTextOf(
  queryRunner: QueryRunner,
  dataSource: DataSource,
): Promise<ExactText | null> {
  if (!isMysql(dataSource)) return null;
  const [row] = (await queryRunner.query('SELECT VERSION() AS version')) as { version: string }[];
  return { collation: /mariadb/i.test(row!.version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin' };
}

function columnLine(
  dataSource: DataSource,
  name: string,
  [type, length, nullable]: Columns[string],
  exactText: ExactText | null,
): string {
  const isText = type === 'varchar' || type.endsWith('text');
  return [
    dataSource.driver.escape(name),
    typeFor(type, exactText !== null) + (length === undefined ? '' : `(${length})`),
    exactText && isText ? `CHARACTER SET utf8mb4 COLLATE ${exactText.collation}` : '',
    nullable === 'null' ? 'NULL' : 'NOT NULL',
  ].join(' ');
}

function typeFor(type: string, onMysql: boolean): string {
  if (type === 'mediumtext') return onMysql ? 'mediumtext' : 'text';
  return type === 'boolean' && onMysql ? 'tinyint' : type;
}

const quotedList = ({ driver }: DataSource, names: readonly string[]): string =>
  names.map((name) => driver.escape(name)).join(', ');
