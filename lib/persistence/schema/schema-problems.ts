import type { DataSource } from 'typeorm';
import { FORCED_INDICES } from '../sql/table-names.js';
import type { Catalogue, FoundTable } from './found-table.js';
import { hasOurMigrations, migrationsTable, ourMigrations } from './migration-state.js';
import { prefixed } from './own-names.js';
import { addPrimaryKeyStatement, createIndexStatement, isMysql } from './table-statements.js';
import { TABLES, TABLE_NAMES, indicesOf, type Index, type TableName } from './tables.js';

const HOW = `(migrationsRun: true, or 'typeorm migration:run'). In development, synchronize: true does it for you.`;
const RUN = `Run the migrations of your DataSource ${HOW}`;
const ADD = `Add webhooksMigrations to the migrations of your DataSource and run them ${HOW}`;

/** Only these collations distinguish texts that differ in case, or in spaces at their ends. */
const EXACT = ['utf8mb4_0900_bin', 'utf8mb4_nopad_bin'];

/** What the database has of our schema. */
export interface SchemaState {
  /** By the names of our tables. */
  readonly tables: ReadonlyMap<TableName, FoundTable>;
  /** Our migrations that have run; `undefined` where this user may not know. */
  readonly ran: ReadonlySet<string> | undefined;
}

/** The tables of the catalogue, by their own names. @param pathOf a table's path in the catalogue */
export const ownTables = (
  catalogue: Catalogue,
  pathOf: (table: TableName) => string,
): Map<TableName, FoundTable> =>
  new Map(
    TABLE_NAMES.flatMap((name) => {
      const found = catalogue.get(pathOf(name));
      return found ? [[name, found] as const] : [];
    }),
  );

/** The reasons why the app must not start, in sentences that say what to do. */
export function schemaProblems(dataSource: DataSource, state: SchemaState): string[] {
  const behind = notRun(dataSource, state);
  if (behind.length > 0) {
    const advice = hasOurMigrations(dataSource) ? RUN : ADD;
    return [`Migrations of nestjs-webhooks have not run on this database: ${behind.join(', ')}.`, advice];
  }
  const missing = TABLE_NAMES.filter((name) => !state.tables.has(name));
  if (missing.length > 0) return missingTables(dataSource, state, missing);
  return [
    ...missingColumns(dataSource, state),
    ...(isMysql(dataSource) ? inexactTexts(dataSource, state) : []),
    ...lostIndices(dataSource, state)
      .filter(({ isNeeded }) => isNeeded)
      .map(({ sentence }) => sentence),
  ];
}

/** Problems that only make the app slow, or that we can't see for certain. */
export function schemaWarnings(dataSource: DataSource, state: SchemaState): string[] {
  const unseen =
    `The database user of this app may not read the table '${migrationsTable(dataSource)}': migrations of ` +
    'nestjs-webhooks that have not run go unnoticed. GRANT SELECT on it.';
  return [
    ...(state.ran === undefined && hasOurMigrations(dataSource) ? [unseen] : []),
    ...lostIndices(dataSource, state)
      .filter(({ isNeeded }) => !isNeeded)
      .map(({ sentence }) => sentence),
  ];
}

/** An app may make the tables by other means. Then neither its `DataSource` nor its database knows our migrations. */
function notRun(dataSource: DataSource, { ran }: SchemaState): string[] {
  if (!ran || (ran.size === 0 && !hasOurMigrations(dataSource))) return [];
  return ourMigrations()
    .map(({ name }) => name)
    .filter((name) => !ran.has(name));
}

function missingTables(
  dataSource: DataSource,
  { ran }: SchemaState,
  missing: readonly TableName[],
): string[] {
  const [first, ...others] = missing.map((name) => `'${prefixed(dataSource, name)}'`);
  const what = `The table ${first} is missing${others.length > 0 ? `, and so are ${others.join(', ')}` : ''}.`;
  if (!ran || ran.size === 0) return [what, ADD];
  return [
    what,
    `The table '${migrationsTable(dataSource)}' says that they were made: they have been dropped or renamed since, or are in ` +
      `another schema. Restore them. To have what is missing made again, empty, delete ${[...ran].join(', ')} from that ` +
      'table and run the migrations: they leave alone what is there.',
  ];
}

function missingColumns(dataSource: DataSource, { tables }: SchemaState): string[] {
  return TABLE_NAMES.flatMap((name) => {
    const found = tables.get(name)!.columns;
    const missing = Object.keys(TABLES[name].columns).filter((column) => !found.has(column));
    if (missing.length === 0) return [];
    const table = `The table '${prefixed(dataSource, name)}'`;
    return [
      `${table} lacks the columns ${missing.join(', ')}. Run all of webhooksMigrations, or restore them.`,
    ];
  });
}

/** The server's default collation would make `acme`, `ACME` and sometimes `acme ` one tenant. */
function inexactTexts(dataSource: DataSource, { tables }: SchemaState): string[] {
  return TABLE_NAMES.flatMap((name) => {
    const own = Object.keys(TABLES[name].columns);
    const inexact = [...tables.get(name)!.columns].filter(
      ([column, collation]) => own.includes(column) && collation !== null && !EXACT.includes(collation),
    );
    if (inexact.length === 0) return [];
    const columns = inexact.map(([column, collation]) => `${column} (${collation})`).join(', ');
    return [
      `The table '${prefixed(dataSource, name)}' has columns whose collation takes different texts for the same, so that ` +
        `tenants would share rows: ${columns}. ALTER TABLE … CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin, ` +
        'or utf8mb4_nopad_bin on MariaDB.',
    ];
  });
}

interface LostIndex {
  readonly sentence: string;
  /** Without it, statements fail or write a row twice. */
  readonly isNeeded: boolean;
}

function lostIndices(dataSource: DataSource, { tables }: SchemaState): LostIndex[] {
  const onMysql = isMysql(dataSource);
  return TABLE_NAMES.flatMap((table) => {
    const found = tables.get(table)!;
    const title = `The table '${prefixed(dataSource, table)}' has no`;
    const { primaryKey } = TABLES[table];
    const keys: LostIndex[] = has(found, [onMysql ? 'PRIMARY' : '', primaryKey, { unique: true }], onMysql)
      ? []
      : [
          {
            isNeeded: true,
            sentence: `${title} primary key. Make it: ${addPrimaryKeyStatement(dataSource, table)}`,
          },
        ];
    const lost = indicesOf(table, onMysql)
      .map(([name, ...rest]): [Index, boolean] => {
        const isForced = onMysql && (FORCED_INDICES as readonly string[]).includes(name);
        return [[name, ...rest], isForced];
      })
      .filter(([[name, ...rest], isForced]) => !has(found, [prefixed(dataSource, name), ...rest], isForced))
      .map(([index, isForced]): LostIndex => {
        const [name, , { unique = false } = {}] = index;
        const isNeeded = isForced || unique;
        const effect = isNeeded ? 'Statements fail without it' : 'Reading gets slow without it';
        const statement = createIndexStatement(dataSource, table, index);
        return {
          isNeeded,
          sentence: `${title} index ${prefixed(dataSource, name)} any more. ${effect}. Make it again: ${statement}`,
        };
      });
    return [...keys, ...lost];
  });
}

/** Names don't matter, unless a statement uses one. */
const has = (
  { indices }: FoundTable,
  [name, columns, { unique = false } = {}]: Index,
  byName: boolean,
): boolean =>
  indices.some(
    (index) =>
      index.columns.join() === columns.join() &&
      (index.unique || !unique) &&
      (index.name === name || !byName),
  );
