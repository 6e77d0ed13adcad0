import type { DataSource, QueryRunner } from 'typeorm';
import { vi } from 'vitest';
import type { DatabaseKind } from './databases.js';

export interface SentStatement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** What a database does to run one statement. */
export interface QueryPlan {
  /** The tables of the log that the statement reads from end to end, or through a whole index. */
  readonly scanned: string[];
  /** The number of sorted rows; `Infinity` if the database does not tell. */
  readonly sorted: number;
  /** The number of rows read from tables, possibly an estimate; 0 if the database does not tell. */
  readonly read: number;
  /** The plan in the database's own words. */
  readonly text: string;
}

const OURS = /webhook_(?:endpoints|events|deliveries|attempts|stats)/;
/** The tables that grow with each sent event. */
const LOG = /webhook_(?:events|deliveries|attempts|stats)/;
/** The tables that stay small. */
const SMALL = /webhook_(?:pauses|jobs)/;
const WRITES_ROWS = /\bINSERT\b/i;

/**
 * Returns the statements on our tables that `work` sends. Some SQLite statements bypass TypeORM: `heard`
 * contains those that its driver reports, with their values.
 */
export async function statementsOf(
  dataSource: DataSource,
  heard: string[] | undefined,
  work: () => Promise<unknown>,
): Promise<SentStatement[]> {
  const logged = vi.spyOn(dataSource.logger, 'logQuery');
  heard?.splice(0);
  await work();
  const statements = heard
    ? heard.map((sql) => ({ sql, params: [] }))
    : logged.mock.calls.map(([sql, params = []]) => ({ sql, params: params as unknown[] }));
  logged.mockRestore();
  return statements.filter(({ sql }) => OURS.test(sql));
}

/**
 * Returns the plan of a statement. All databases except SQLite run the statement for that, and roll it back.
 */
export async function planOf(
  dataSource: DataSource,
  kind: DatabaseKind,
  statement: SentStatement,
): Promise<QueryPlan> {
  const plan = await wholePlanOf(dataSource, kind, statement);
  return { ...plan, scanned: plan.scanned.filter((table) => !SMALL.test(table)) };
}

async function wholePlanOf(
  dataSource: DataSource,
  kind: DatabaseKind,
  { sql, params }: SentStatement,
): Promise<QueryPlan> {
  if (kind === 'sqlite') return sqlitePlan(await dataSource.query(`EXPLAIN QUERY PLAN ${sql}`));
  const queryRunner = dataSource.createQueryRunner();
  await queryRunner.startTransaction('READ COMMITTED');
  try {
    return await PLANS[kind](queryRunner, sql, [...params]);
  } finally {
    await queryRunner.rollbackTransaction();
    await queryRunner.release();
  }
}

function sqlitePlan(rows: readonly { detail: string }[]): QueryPlan {
  const details = rows.map(({ detail }) => detail);
  const found = (pattern: RegExp): string[] => details.flatMap((detail) => pattern.exec(detail)?.[1] ?? []);
  // The plan lists tables by their aliases, but also sub-selects and functions.
  const others = found(/^(?:CO-ROUTINE|MATERIALIZE) (\S+)/);
  const tables = found(/^SCAN (?!.*VIRTUAL TABLE|CONSTANT ROW)(\S+)/).filter(
    (name) => !others.includes(name),
  );
  const sorts = details.some((detail) => /TEMP B-TREE FOR .*ORDER BY/.test(detail));
  // These sort few rows: those of one event or delivery, or the endpoints of an event that is being stored.
  const sortsFew = details.some((detail) => /\((?:event_id|delivery_id|tenant)=\?\)$/.test(detail));
  return {
    scanned: tables,
    sorted: sorts && !sortsFew ? Infinity : 0,
    read: 0,
    text: details.join('\n'),
  };
}

interface PostgresNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Plan Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PostgresNode[];
}

async function postgresPlan(queryRunner: QueryRunner, sql: string, params: unknown[]): Promise<QueryPlan> {
  const analyze = WRITES_ROWS.test(sql) ? '' : 'ANALYZE, TIMING OFF, ';
  const [row] = await queryRunner.query(`EXPLAIN (${analyze}FORMAT JSON) ${sql}`, params);
  const [{ Plan: root }] = row['QUERY PLAN'];
  const nodes = postgresNodes(root);
  const scans = nodes.filter(
    (node) => node['Node Type'].endsWith('Scan') && LOG.test(node['Relation Name'] ?? ''),
  );
  const sum = (of: readonly PostgresNode[], rows: (node: PostgresNode) => number): number =>
    of.reduce((total, node) => total + rows(node) * (node['Actual Loops'] ?? 1), 0);
  return {
    scanned: scans
      .filter(
        (node) =>
          node['Node Type'] === 'Seq Scan' || (node['Node Type'].startsWith('Index') && !node['Index Cond']),
      )
      .map((node) => node['Relation Name']!),
    sorted: sum(
      nodes.filter((node) => /Sort/.test(node['Node Type'])).flatMap((node) => node.Plans ?? []),
      (node) => node['Actual Rows'] ?? node['Plan Rows'],
    ),
    read: sum(
      scans,
      (node) =>
        (node['Actual Rows'] ?? 0) +
        (node['Rows Removed by Filter'] ?? 0) +
        (node['Rows Removed by Index Recheck'] ?? 0),
    ),
    text: JSON.stringify(root, undefined, 1),
  };
}

const postgresNodes = (node: PostgresNode): PostgresNode[] => [
  node,
  ...(node.Plans ?? []).flatMap((child) => postgresNodes(child)),
];

interface MariadbTable {
  table_name?: string;
  access_type: string;
  rows?: number;
  r_rows?: number | null;
  r_loops?: number;
}

async function mariadbPlan(queryRunner: QueryRunner, sql: string, params: unknown[]): Promise<QueryPlan> {
  const analyze = WRITES_ROWS.test(sql) ? 'EXPLAIN' : 'ANALYZE';
  const [row] = await queryRunner.query(`${analyze} FORMAT=JSON ${sql}`, params);
  const text = String(row[analyze]);
  const tables: MariadbTable[] = [];
  let sorted = 0;
  JSON.parse(text, (key, value) => {
    if (key === 'table' && typeof value === 'object') tables.push(value);
    if (key === 'filesort') sorted += Number(value.r_used_priority_queue ? 0 : (value.r_output_rows ?? 0));
    return value;
  });
  const ours = tables.filter(({ table_name: name }) => name !== undefined && !name.startsWith('<'));
  return {
    scanned: ours
      .filter(({ access_type: type }) => ['ALL', 'index'].includes(type))
      .map((table) => table.table_name!),
    sorted,
    read: ours.reduce((total, table) => total + (table.r_rows ?? table.rows ?? 0) * (table.r_loops ?? 1), 0),
    text,
  };
}

interface MysqlTable {
  select_type: string;
  table: string | null;
  type: string | null;
}

/**
 * MySQL's `EXPLAIN ANALYZE` does not support statements that write. The server's counters show the rows that
 * any statement has read.
 */
async function mysqlPlan(queryRunner: QueryRunner, sql: string, params: unknown[]): Promise<QueryPlan> {
  const tables: MysqlTable[] = await queryRunner.query(`EXPLAIN FORMAT=TRADITIONAL ${sql}`, params);
  const before = await mysqlCounts(queryRunner);
  if (!WRITES_ROWS.test(sql)) await queryRunner.query(sql, params);
  const after = await mysqlCounts(queryRunner);
  return {
    scanned: tables
      // The plan shows the target of an INSERT as if it were read completely.
      .filter(({ select_type: part, type }) => part !== 'INSERT' && ['ALL', 'index'].includes(type ?? ''))
      .map(({ table }) => table ?? '')
      .filter((table) => table !== '' && !table.startsWith('<')),
    sorted: after.sorted - before.sorted,
    read: after.read - before.read,
    text: JSON.stringify(tables, undefined, 1),
  };
}

/** Returns how many rows the session has sorted, and how many rows of this database it has read. */
async function mysqlCounts(queryRunner: QueryRunner): Promise<{ sorted: number; read: number }> {
  const [{ Value: sorted }] = await queryRunner.query(`SHOW SESSION STATUS LIKE 'Sort_rows'`);
  const [{ fetched }] = await queryRunner.query(
    `SELECT SUM(COUNT_FETCH) AS fetched FROM performance_schema.table_io_waits_summary_by_table
     WHERE OBJECT_SCHEMA = DATABASE()`,
  );
  return { sorted: Number(sorted), read: Number(fetched) };
}

const PLANS = { postgres: postgresPlan, mariadb: mariadbPlan, mysql: mysqlPlan };
