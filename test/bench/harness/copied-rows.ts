import type { BenchDatabase } from './bench-database.js';

/**
 * Rows by the million, set-based: copies of deliveries that were really made, with their events and attempts, moved back
 * in time. So they have whatever columns the tables have. PostgreSQL alone.
 */

const HOUR_MS = 3_600_000;

/** The id that the row would have had `shift` ms earlier: the time is in the digits after the prefix. */
const movedId = (column: string, shift: string): string =>
  `split_part(${column}, '_', 1) || '_' ||
    lpad(to_hex(('x' || lpad(substr(split_part(${column}, '_', 2), 1, 12), 16, '0'))::bit(64)::bigint - ${shift}), 12, '0')
    || substr(split_part(${column}, '_', 2), 13)`;

const SHIFT = 'copy.number * copy.step + copy.offset_ms';

interface Copies {
  readonly copies: number;
  /** Between one copy and the next. */
  readonly stepMs: number;
  /** Between the rows and their first copy. */
  readonly offsetMs: number;
  /** JSON of the columns that are other than in the rows, by table. */
  readonly changed?: string;
  readonly where?: string;
}

async function copyRows(
  database: BenchDatabase,
  table: string,
  columns: Readonly<Record<string, string>>,
  { copies, stepMs, offsetMs, changed = `'{}'::jsonb`, where = 'true' }: Copies,
): Promise<void> {
  const values = Object.entries(columns).map(([name, value]) => `'${name}', ${value}`);
  await database.query(`INSERT INTO ${table} SELECT moved.*
    FROM ${table} source
    CROSS JOIN (SELECT number, ${stepMs}::bigint AS step, ${offsetMs}::bigint AS offset_ms
      FROM generate_series(1, ${copies}) number) copy
    CROSS JOIN LATERAL jsonb_populate_record(source, jsonb_build_object(${values.join(', ')}) || ${changed}) moved
    WHERE ${where} ON CONFLICT DO NOTHING`);
}

const at = (column: string): string => `source.${column} - (${SHIFT})`;
const id = (column: string): string => movedId(`source.${column}`, `(${SHIFT})`);
const EVENT = { id: id('id'), created_at: at('created_at') };
const DELIVERY = { id: id('id'), event_id: id('event_id'), created_at: at('created_at') };

/** A log of finished deliveries that ends a day before the rows it is copied from, and began 29 days before that. */
export async function copyFinished(database: BenchDatabase, copies: number): Promise<void> {
  const moves = { copies, stepMs: Math.floor((29 * 24 * HOUR_MS) / copies), offsetMs: 25 * HOUR_MS };
  await copyRows(database, 'webhook_events', EVENT, moves);
  const times = { first_attempt_at: at('first_attempt_at'), completed_at: at('completed_at') };
  await copyRows(database, 'webhook_deliveries', { ...DELIVERY, ...times }, moves);
  const attempt = { id: id('id'), delivery_id: id('delivery_id'), started_at: at('started_at') };
  await copyRows(database, 'webhook_attempts', attempt, moves);
  const hour = `source.hour - (${SHIFT}) / ${HOUR_MS} * ${HOUR_MS}`;
  await copyRows(database, 'webhook_stats', { hour }, moves);
}

const WAITING = `jsonb_build_object('status', 'pending', 'next_attempt_at', source.created_at, 'attempt_count', 0,
  'schedule_attempts', 0, 'first_attempt_at', NULL, 'completed_at', NULL, 'status_code', NULL, 'error_code', NULL)`;

export async function newestEvent(database: BenchDatabase): Promise<string> {
  const [row] = await database.query<{ id: string }>('SELECT MAX(id) AS id FROM webhook_events');
  return row!.id;
}

/** The rows that are copied: from these ids on. A copy is older than all of them. */
export interface Originals {
  readonly event: string;
  readonly delivery: string;
  readonly count: number;
}

/** @param after the id of an event that is none of them any more. Default: all events are */
export async function originals(database: BenchDatabase, after = ''): Promise<Originals> {
  const [row] = await database.query<{ event: string; delivery: string; count: string }>(
    `SELECT MIN(event_id) AS event, MIN(id) AS delivery, COUNT(*) AS count
      FROM webhook_deliveries WHERE event_id > '${after}'`,
  );
  return { ...row!, count: Number(row!.count) };
}

/**
 * At least `count` deliveries that were never attempted and are due; gives how many. Calls with the same `since` need an
 * `offsetMs` of their own: above 60,000, and apart by more than a second for each thousand deliveries.
 */
export async function copyAsWaiting(
  database: BenchDatabase,
  count: number,
  { since, offsetMs }: { since: Originals; offsetMs: number },
): Promise<number> {
  const copies = Math.ceil(count / since.count);
  const moves = { copies, stepMs: 1_000, offsetMs };
  await copyRows(database, 'webhook_events', EVENT, { ...moves, where: `source.id >= '${since.event}'` });
  const where = `source.id >= '${since.delivery}'`;
  await copyRows(database, 'webhook_deliveries', DELIVERY, { ...moves, changed: WAITING, where });
  return copies * since.count;
}
