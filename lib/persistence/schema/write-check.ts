import type { DataSource, QueryRunner } from 'typeorm';
import { driverErrorOf } from '../../compat/driver-error.js';
import { isDemoted } from '../sql/demoted-server.js';
import type { FoundTable, Privilege } from './found-table.js';
import { isDenied } from './mysql.catalogue.js';
import { prefixed, tablePath } from './own-names.js';
import { WebhooksPrivilegesError, WebhooksReadOnlyError, messageOf } from './schema.errors.js';
import { isMysql } from './table-statements.js';
import type { TableName } from './tables.js';

/** Events and attempts are written once, and deleted by retention. */
const NEVER_UPDATED: readonly TableName[] = ['webhook_events', 'webhook_attempts'];

interface Lack {
  readonly table: TableName;
  readonly privilege: Privilege;
}

/**
 * Checks whether this app may write to the existing tables: by the catalogue, and by statements that change no row.
 * @throws WebhooksPrivilegesError, WebhooksReadOnlyError
 */
export async function checkWrites(
  queryRunner: QueryRunner,
  dataSource: DataSource,
  tables: ReadonlyMap<TableName, FoundTable>,
): Promise<void> {
  const lacks = [...tables].flatMap(([table, found]) =>
    found.lacks
      .filter((privilege) => isNeeded(dataSource, table, privilege))
      .map((privilege): Lack => ({ table, privilege })),
  );
  if (isMysql(dataSource)) lacks.push(...(await lackedDeletes(queryRunner, dataSource, tables)));
  if (dataSource.options.type === 'better-sqlite3' && tables.size > 0) {
    await tryWrite(queryRunner, dataSource, [...tables.keys()][0]!);
  }
  if (lacks.length > 0) {
    throw new WebhooksPrivilegesError(
      lacks.map(({ table, privilege }) => `${privilege} on ${prefixed(dataSource, table)}`),
    );
  }
}

/** On MySQL, an insert that may meet an existing key is also an update. */
const isNeeded = (dataSource: DataSource, table: TableName, privilege: Privilege): boolean =>
  privilege !== 'UPDATE' ||
  !NEVER_UPDATED.includes(table) ||
  (table === 'webhook_events' && isMysql(dataSource));

/** MySQL's catalogue of columns does not say who may delete rows. */
async function lackedDeletes(
  queryRunner: QueryRunner,
  dataSource: DataSource,
  tables: ReadonlyMap<TableName, FoundTable>,
): Promise<Lack[]> {
  const visible = [...tables].flatMap(([table, { lacks }]) => (lacks.includes('DELETE') ? [] : [table]));
  if (visible.length === 0 || !(await mayNotDelete(queryRunner, dataSource, visible))) return [];
  const lacked: Lack[] = [];
  for (const table of visible) {
    if (await mayNotDelete(queryRunner, dataSource, [table])) lacked.push({ table, privilege: 'DELETE' });
  }
  return lacked;
}

async function mayNotDelete(
  queryRunner: QueryRunner,
  dataSource: DataSource,
  tables: readonly TableName[],
): Promise<boolean> {
  const paths = tables.map((table) => tablePath(dataSource, table));
  try {
    await queryRunner.query(`DELETE ${paths.join(', ')} FROM ${paths.join(' JOIN ')} WHERE 1 = 0`);
    return false;
  } catch (error) {
    if (isDenied(error)) return true;
    throw isDemoted(error) ? new WebhooksReadOnlyError(messageOf(error), { cause: error }) : error;
  }
}

/** The file or its folder may be read-only. */
async function tryWrite(queryRunner: QueryRunner, dataSource: DataSource, table: TableName): Promise<void> {
  try {
    await queryRunner.query(`DELETE FROM ${tablePath(dataSource, table)} WHERE 1 = 0`);
  } catch (error) {
    const code = String(driverErrorOf(error).code);
    if (code.startsWith('SQLITE_READONLY'))
      throw new WebhooksReadOnlyError(messageOf(error), { cause: error });
    // Another process is writing now, so the file can be written.
    if (!code.startsWith('SQLITE_BUSY')) throw error;
  }
}
