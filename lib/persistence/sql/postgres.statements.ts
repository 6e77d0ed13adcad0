import { DELIVERY_ID_PARTS } from '../../domain/id.js';
import { COUNT_COLUMNS, COUNT_KEY, countedBin, countedHour } from './attempt-counts.js';
import { ATTEMPTED_COLUMNS, ATTEMPT_COLUMNS } from './attempt-columns.js';
import { EPOCH_MS, ID, INT, namesOf, nullable, type Column, type ColumnType } from './column.js';
import {
  countDueStatement,
  findByKeyStatement,
  idsAndTokens,
  loadEndpointsStatement,
} from './common-statements.js';
import { LOADED_COLUMNS, RECORDED_COLUMNS, insertDeliveriesOf } from './delivery-columns.js';
import type { DeliveryRecord, Lease, LoadedEndpoint, NewEvent } from '../../domain/delivery.js';
import type {
  Claim,
  DeliveryStatements,
  EndpointShare,
  FannedOutEvent,
  FanOut,
  HeldEvent,
  OwnShare,
  RecordParts,
  Walk,
} from './delivery-statements.js';
import { EVENT_COLUMNS } from './event-columns.js';
import { ENDPOINT_COLUMNS, loadedEndpoint, loadedFrom } from './loaded-delivery.js';
import type { SqlResult, SqlStatement, SqlStep } from './sql-executor.js';
import { arrayTypeOf, arraysOf } from './postgres-arrays.js';
import type { TableNames } from './table-names.js';

const { eventPart, rankPart } = DELIVERY_ID_PARTS;

/** The parameters of a fan-out behind its events: the lease, and what of them is under it. */
const [EXPIRES_AT, TOKEN, MOST, EXCEPT] = [1, 2, 3, 4].map((place) => `$${EVENT_COLUMNS.length + place}`);

/** What a record is made of: its delivery and token, what is written to the delivery, its attempt, and what is counted. */
const RECORD_INPUT: readonly Column<DeliveryRecord>[] = [
  { name: 'delivery_id', type: ID, value: (record) => record.deliveryId },
  { name: 'token', type: ID, value: (record) => record.token },
  ...RECORDED_COLUMNS,
  ...ATTEMPT_COLUMNS.map(({ name, type, value }) => ({
    name: `attempt_${name}`,
    type,
    value: ({ attempt }: DeliveryRecord) => attempt && value(attempt),
  })),
  { name: 'counted_hour', type: nullable(EPOCH_MS), value: countedHour },
  { name: 'counted_bin', type: nullable(INT), value: countedBin },
];

/** That of the index of what waits: with a range of endpoints no other index has it, and with equal ones that of what is due would. */
const WAITING_ORDER = 'tenant, endpoint_id, next_attempt_at';

/** Of one fan-out. A large one is sent over many seconds, and its endpoints are loaded as it goes. */
const MOST_ENDPOINTS = 100;
const NO_ENDPOINT = ENDPOINT_COLUMNS.map((column) => `NULL AS ${column}`).join(', ');

/** PostgreSQL 15 and later: every step is one statement, and rows travel as one array per column. */
export class PostgresStatements implements DeliveryStatements {
  constructor(
    private readonly tables: TableNames,
    private readonly writer: number,
    private readonly binary: boolean,
  ) {}

  storeEvents(events: readonly NewEvent[], own: OwnShare | null): SqlStep[] {
    const { endpoints, events: eventTable } = this.tables;
    const kept = `SELECT *, 'dlv_' || substr(event_id, 5, ${eventPart}) || lpad(to_hex(rank), ${rankPart}, '0') AS id,
          CASE WHEN own THEN ${EXPIRES_AT}::bigint ELSE created_at END AS next_attempt_at,
          CASE WHEN own THEN ${TOKEN}::text END AS lease_token FROM wanted`;
    const sql = `WITH stored AS (
        INSERT INTO ${eventTable} (${namesOf(EVENT_COLUMNS)}) SELECT * FROM ${unnested(EVENT_COLUMNS)}
        ON CONFLICT (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
        RETURNING id, tenant, type, created_at
      ), wanted AS (
        SELECT s.id AS event_id, s.tenant, s.type AS event_type, s.created_at, ep.id AS endpoint_id,
          row_number() OVER (PARTITION BY s.id ORDER BY ep.id) AS rank,
          row_number() OVER () <= ${MOST}::int AND ep.id <> ALL (${EXCEPT}::text[]) AS own
        FROM stored s JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND (
          strpos(ep.event_types, ' ' || s.type || ' ') > 0
          OR strpos(ep.event_types, ' ' || split_part(s.type, '.', 1) || '.* ') > 0
          OR strpos(ep.event_types, ' * ') > 0)
      ), fanned AS (
        ${insertDeliveriesOf(this.tables, kept)}
        RETURNING id, event_id, endpoint_id, lease_token
      )
      SELECT s.id, string_agg(f.id || ' ' || f.endpoint_id, ' ') FILTER (WHERE f.lease_token IS NOT NULL) AS own,
        count(f.id) FILTER (WHERE f.lease_token IS NULL) AS others${own ? `, ${NO_ENDPOINT}` : ''}
      FROM stored s LEFT JOIN fanned f ON f.event_id = s.id GROUP BY s.id
      ${own ? this.endpointsOf('fanned') : ''}`;
    const { lease, most = 0, except = [] } = own ?? {};
    const share = [lease?.expiresAt ?? null, lease?.token ?? null, most, except];
    return [{ sql, params: [...arraysOf(events, EVENT_COLUMNS, this.binary), ...share], prepared: true }];
  }

  fannedOut([stored]: readonly SqlResult[]): FanOut {
    const events = new Map<string, FannedOutEvent>();
    const endpoints = new Map<string, LoadedEndpoint>();
    for (const row of stored!.rows) {
      if (row.url) endpoints.set(String(row.id), loadedEndpoint(row));
      else events.set(String(row.id), { own: pairsOf(row.own), hasMore: Number(row.others) > 0 });
    }
    return { events, endpoints };
  }

  findByKey(event: NewEvent): SqlStatement {
    return findByKeyStatement(this.tables, event, ['$1', '$2']);
  }

  claimOldest({ now, limit }: Claim, lease: Lease): SqlStep[] {
    const due = `SELECT id FROM ${this.tables.deliveries} WHERE status = 'pending' AND next_attempt_at <= $3
      ORDER BY next_attempt_at LIMIT $4 FOR UPDATE SKIP LOCKED`;
    return [this.claim(due, lease, [now, limit])];
  }

  claimShares(shares: readonly EndpointShare[], now: number, lease: Lease): SqlStep[] {
    const due = `SELECT found.id FROM unnest($4::text[], $5::text[], $6::int[]) AS share(tenant, endpoint_id, most)
      CROSS JOIN LATERAL (
        SELECT id FROM ${this.tables.deliveries} WHERE status = 'pending' AND tenant = share.tenant
        AND endpoint_id BETWEEN share.endpoint_id AND share.endpoint_id AND next_attempt_at <= $3
        ORDER BY ${WAITING_ORDER} LIMIT share.most FOR UPDATE SKIP LOCKED) found`;
    const columns = [
      shares.map(({ tenant }) => tenant),
      shares.map(({ endpointId }) => endpointId),
      shares.map(({ limit }) => limit),
    ];
    const { sql, params } = this.claim(due, lease, [now, ...columns]);
    return inIndexOrder({ sql, params });
  }

  walkEndpoints({ fromTenant, tenants, fromEndpoints, endpoints }: Walk): SqlStep[] {
    const { deliveries } = this.tables;
    const first = (column: string, where: string): string =>
      `(SELECT ${column} FROM ${deliveries} WHERE status = 'pending' AND ${where} ORDER BY ${WAITING_ORDER} LIMIT 1)`;
    const sql = `WITH RECURSIVE tenants AS (
        SELECT ${first('tenant', 'tenant >= $1::text')} AS tenant, 1 AS place
        UNION ALL
        SELECT ${first('tenant', 'tenant > tenants.tenant')}, place + 1
        FROM tenants WHERE tenants.tenant IS NOT NULL AND place < $2::int
      ), visited AS (
        SELECT tenants.tenant, ${first('endpoint_id', `tenant = tenants.tenant AND endpoint_id >= coalesce(f.endpoint_id, '')`)} AS endpoint_id,
          1 AS place
        FROM tenants LEFT JOIN unnest($3::text[], $4::text[]) AS f(tenant, endpoint_id) ON f.tenant = tenants.tenant
        WHERE tenants.tenant IS NOT NULL
        UNION ALL
        SELECT visited.tenant, ${first('endpoint_id', 'tenant = visited.tenant AND endpoint_id > visited.endpoint_id')}, place + 1
        FROM visited WHERE visited.endpoint_id IS NOT NULL AND place < $5::int
      )
      SELECT tenant, endpoint_id,
        ${first('next_attempt_at', `tenant = visited.tenant AND endpoint_id BETWEEN visited.endpoint_id AND visited.endpoint_id`)} AS due_at
      FROM visited WHERE endpoint_id IS NOT NULL`;
    const from = [[...fromEndpoints.keys()], [...fromEndpoints.values()]];
    return inIndexOrder({ sql, params: [fromTenant, tenants, ...from, endpoints] });
  }

  countDue(now: number): SqlStatement {
    return countDueStatement(this.tables, '$1', now);
  }

  loadHeld(held: readonly HeldEvent[]): SqlStatement {
    const { deliveries } = this.tables;
    const sql = `${loadedFrom(this.tables, deliveries)}
      WHERE d.event_id = ${anyOf('$1')} AND d.lease_token = ANY($2::text[])`;
    return { sql, params: idsAndTokens(held), prepared: true };
  }

  loadEndpoints(ids: readonly string[]): SqlStatement {
    return { ...loadEndpointsStatement(this.tables, `= ${anyOf('$1')}`, [ids]), prepared: true };
  }

  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[] {
    const { deliveries, attempts, stats } = this.tables;
    const attempted = `, attempted AS (
        INSERT INTO ${attempts} (${namesOf([...ATTEMPTED_COLUMNS, ...ATTEMPT_COLUMNS])})
        SELECT h.id, h.endpoint_id, h.tenant, ${ATTEMPT_COLUMNS.map(({ name }) => `i.attempt_${name}`).join(', ')}
        FROM input i JOIN held h ON h.id = i.delivery_id WHERE i.attempt_id IS NOT NULL)`;
    const counted = `, counted AS (
        INSERT INTO ${stats} AS s (${COUNT_COLUMNS.join(', ')})
        SELECT h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin, $${RECORD_INPUT.length + 1}::int,
          h.tenant, count(*)
        FROM input i JOIN held h ON h.id = i.delivery_id WHERE i.counted_hour IS NOT NULL
        GROUP BY h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin, h.tenant
        ORDER BY h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin
        ON CONFLICT (${COUNT_KEY.join(', ')}) DO UPDATE SET attempts = s.attempts + excluded.attempts)`;
    const sql = `WITH input AS (
        SELECT * FROM ${unnested(RECORD_INPUT)} AS t(${namesOf(RECORD_INPUT)})
      ), held AS (
        UPDATE ${deliveries} d SET lease_token = NULL, ${RECORDED_COLUMNS.map(({ name }) => `${name} = i.${name}`).join(', ')}
        FROM input i WHERE d.id = i.delivery_id AND d.lease_token = i.token
        RETURNING d.id, d.endpoint_id, d.tenant
      )${parts === 'state' ? '' : attempted}${parts === 'all' ? counted : ''} SELECT string_agg(id, ' ') AS ids FROM held`;
    const params: unknown[] = arraysOf(records, RECORD_INPUT, this.binary);
    return [{ sql, params: parts === 'all' ? [...params, this.writer] : params, prepared: true }];
  }

  /** Leases what `due` finds, and loads it. `$1` and `$2` are the lease's. */
  private claim(due: string, lease: Lease, params: readonly unknown[]): SqlStatement {
    const sql = `WITH due AS MATERIALIZED (${due}), claimed AS (
        UPDATE ${this.tables.deliveries} d SET lease_token = $1, next_attempt_at = $2
        FROM due WHERE d.id = due.id RETURNING ${LOADED_COLUMNS.map((column) => `d.${column}`).join(', ')}
      ) ${loadedFrom(this.tables, 'claimed')}`;
    return { sql, params: [lease.token, lease.expiresAt, ...params], prepared: true };
  }

  /** The same snapshot has them as the fan-out saw them. */
  private endpointsOf(fanned: string): string {
    return `UNION ALL (SELECT id, NULL, NULL, ${ENDPOINT_COLUMNS.join(', ')} FROM ${this.tables.endpoints}
      WHERE id IN (SELECT endpoint_id FROM ${fanned} WHERE lease_token IS NOT NULL) LIMIT ${MOST_ENDPOINTS})`;
  }

  recordedIds([held]: readonly SqlResult[]): string[] {
    const ids = held?.rows[0]?.ids;
    return typeof ids === 'string' ? ids.split(' ') : [];
  }
}

/**
 * The planner takes an array that it does not see for one of ten, and looks each up in the index. It would scan a table of
 * some ten thousand rows for the two hundred that it sees, at several times the cost.
 */
const unseen = (param: string, type: string): string => `(SELECT ${param}::${type}[])`;
const anyOf = (param: string): string => `ANY (${unseen(param, 'text')}::text[])`;
const unnested = (columns: readonly { readonly type: ColumnType }[]): string =>
  `unnest(${columns.map(({ type }, index) => unseen(`$${index + 1}`, arrayTypeOf(type))).join(', ')})`;

/** Texts in pairs, in one. */
function pairsOf(text: unknown): { id: string; endpointId: string }[] {
  if (typeof text !== 'string') return [];
  const words = text.split(' ');
  return Array.from({ length: words.length / 2 }, (_, n) => ({
    id: words[2 * n]!,
    endpointId: words[2 * n + 1]!,
  }));
}

/**
 * Statements that walk through the index of what waits. Statistics may say that hardly anything is pending, from a moment ago: the
 * planner would then read all that is due, and sort it, for each endpoint. They are planned each time, since a plan that was made for a
 * small table does the same.
 */
const inIndexOrder = (statement: SqlStatement): SqlStep[] => [
  {
    sql: `SELECT set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true)`,
    params: [],
  },
  statement,
];
