import type { DataSource, ReplicationMode } from 'typeorm';
import { WebhooksError } from '../domain/webhooks.error.js';
import { WebhooksReadOnlyError } from './schema/schema.errors.js';

/** A setting of the database server would make our statements unsafe. The app does not start. */
export class UnsafeServerSettingError extends WebhooksError {
  readonly code = 'webhooks/unsafe-server-setting';

  /** @param reason what would happen, and what to do */
  constructor(
    readonly setting: string,
    reason: string,
  ) {
    super(`The database server has ${setting} ${reason}`);
  }
}

/** What is wrong with a value: the name of the setting, and the rest of the sentence. */
type Finding = readonly [setting: string, reason: string];
type Rule = (value: string, all: ReadonlyMap<string, string>) => Finding | undefined;

const SESSIONS = 'for the server or for the sessions of this app.';

const unless = (isSafe: (value: string) => boolean, finding: (value: string) => Finding): Rule => {
  return (value) => (isSafe(value) ? undefined : finding(value));
};

/** Under these modes a statement means something else. ORACLE reads `body` as a keyword. */
const UNSAFE_MODES: Readonly<Record<string, string>> = {
  NO_BACKSLASH_ESCAPES:
    'The driver mysql2 writes values into statements with backslashes, which this mode takes for plain text: a search could ' +
    'read the rows of every tenant, in your own queries too.',
  EMPTY_STRING_IS_NULL: `It takes '' for NULL, and '' is the tenant of an app that has none.`,
  ORACLE: 'It has another grammar, in which our statements are errors.',
};

const sqlMode: Rule = (value) => {
  const mode = value.split(',').find((one) => Object.hasOwn(UNSAFE_MODES, one));
  return mode === undefined
    ? undefined
    : [mode, `in its sql_mode. ${UNSAFE_MODES[mode]} Take ${mode} out of sql_mode, ${SESSIONS}`];
};

const characterSet = (setting: string): Rule =>
  unless(
    (value) => value === 'utf8mb4' || value === '',
    (value) => [
      setting,
      `= ${value}: texts with other characters, such as emoji, would be stored or read as something else. Set charset: ` +
        `'utf8mb4' on the DataSource, and let no init_connect of the server change it.`,
    ],
  );

/** Session variables of MySQL and MariaDB. Each is checked if the server has it. */
const MYSQL_RULES: Readonly<Record<string, Rule>> = {
  sql_mode: sqlMode,
  character_set_client: characterSet('character_set_client'),
  character_set_connection: characterSet('character_set_connection'),
  character_set_results: characterSet('character_set_results'),
  autocommit: unless(
    (value) => value === 'ON',
    (value) => [
      'autocommit',
      `= ${value}: what is written outside of a transaction would be undone, or be seen by nobody. Set autocommit = ON, ${SESSIONS}`,
    ],
  ),
  sql_safe_updates: unless(
    (value) => value === 'OFF',
    (value) => [
      'sql_safe_updates',
      `= ${value}: outcomes of many deliveries could not be stored together. Set sql_safe_updates = OFF, ${SESSIONS}`,
    ],
  ),
  max_allowed_packet: unless(
    (value) => Number(value) >= 1_000_000,
    (value) => [
      'max_allowed_packet',
      `= ${value}: an event of 256 KiB may need a statement of more than that. Set max_allowed_packet = 1048576 or more, for the server.`,
    ],
  ),
  sql_select_limit: unless(
    (value) => Number(value) > 1_000_000_000,
    (value) => [
      'sql_select_limit',
      `= ${value}: an event would reach no more endpoints than that. Set sql_select_limit = DEFAULT, ${SESSIONS}`,
    ],
  ),
  completion_type: unless(
    (value) => value === 'NO_CHAIN',
    (value) => [
      'completion_type',
      `= ${value}: after a transaction there would be another one, or no connection. Set completion_type = NO_CHAIN, ${SESSIONS}`,
    ],
  ),
  binlog_format: (value, all) =>
    value === 'STATEMENT' && all.get('log_bin') === 'ON'
      ? [
          'binlog_format',
          `= ${value}: InnoDB can't log what is written under READ COMMITTED, as outcomes are. Set binlog_format = ROW or MIXED.`,
        ]
      : undefined,
  sql_big_selects: unless(
    (value) => value === 'ON',
    (value) => [
      'sql_big_selects',
      `= ${value}: statements over many rows would fail. Set max_join_size = DEFAULT and sql_big_selects = ON, ${SESSIONS}`,
    ],
  ),
};

/** PostgreSQL. */
const POSTGRES_RULES: Readonly<Record<string, Rule>> = {
  server_encoding: unless(
    (value) => value === 'UTF8' || value === 'SQL_ASCII',
    (value) => [
      'server_encoding',
      `= ${value}: events with other characters, such as emoji, could not be stored. Use a database with ENCODING 'UTF8'.`,
    ],
  ),
  array_nulls: unless(
    (value) => value === 'on',
    (value) => [
      'array_nulls',
      `= ${value}: outcomes could not be stored. Set array_nulls = on, for the database or the role of this app.`,
    ],
  ),
};

const pragma = (name: string, wanted: string, effect: string): Rule =>
  unless(
    (value) => value === wanted,
    (value) => [name, `= ${value}: ${effect}. Leave out this PRAGMA: SQLite's authors advise against it.`],
  );

const SQLITE_RULES: Readonly<Record<string, Rule>> = {
  full_column_names: pragma('full_column_names', '0', 'rows would have other names for their columns'),
  short_column_names: pragma('short_column_names', '1', 'rows would have other names for their columns'),
  count_changes: pragma('count_changes', '0', 'what a statement has changed would be miscounted'),
};

/**
 * Refuses servers on which our statements would do something else than they say, or could be made to.
 * @throws UnsafeServerSettingError, WebhooksReadOnlyError
 */
export async function checkServerSettings(dataSource: DataSource): Promise<void> {
  const { type } = dataSource.options;
  if (type === 'postgres') await checkPostgres(dataSource);
  if (type === 'better-sqlite3') await checkSqlite(dataSource);
  if (type === 'mysql' || type === 'mariadb') {
    await checkMysql(dataSource, 'master');
    const replicated = dataSource.defaultReplicationModeForReads() === 'slave';
    if (replicated) await checkMysql(dataSource, 'slave');
  }
}

async function checkMysql(dataSource: DataSource, mode: ReplicationMode): Promise<void> {
  const names = [...Object.keys(MYSQL_RULES), 'log_bin'];
  const rows = (await queryOn(
    dataSource,
    mode,
    `SHOW SESSION VARIABLES WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`,
  )) as { Variable_name: string; Value: string }[];
  const values = new Map(rows.map(({ Variable_name: name, Value: value }) => [name.toLowerCase(), value]));
  check(MYSQL_RULES, values);
}

async function checkPostgres(dataSource: DataSource): Promise<void> {
  const names = [...Object.keys(POSTGRES_RULES), 'transaction_read_only'];
  const [row] = (await queryOn(
    dataSource,
    'master',
    `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`,
  )) as Record<string, string>[];
  check(POSTGRES_RULES, new Map(Object.entries(row!)));
  if (row!.transaction_read_only === 'on')
    throw new WebhooksReadOnlyError('it is a standby, or default_transaction_read_only is on');
}

async function checkSqlite(dataSource: DataSource): Promise<void> {
  const values = Object.keys(SQLITE_RULES).map((name) => `(SELECT * FROM pragma_${name}) AS ${name}`);
  const [row] = (await queryOn(dataSource, 'master', `SELECT ${values.join(', ')}`)) as object[];
  check(SQLITE_RULES, new Map(Object.entries(row!).map(([name, value]) => [name, String(value)])));
}

function check(rules: Readonly<Record<string, Rule>>, values: ReadonlyMap<string, string>): void {
  for (const [name, rule] of Object.entries(rules)) {
    const value = values.get(name);
    const finding = value === undefined ? undefined : rule(value, values);
    if (finding) throw new UnsafeServerSettingError(...finding);
  }
}

async function queryOn(dataSource: DataSource, mode: ReplicationMode, sql: string): Promise<unknown> {
  const queryRunner = dataSource.createQueryRunner(mode);
  try {
    return await queryRunner.query(sql);
  } finally {
    await queryRunner.release();
  }
}
