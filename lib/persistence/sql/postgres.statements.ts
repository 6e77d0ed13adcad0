import { DELIVERY_ID_PARTS } from '../../domain/id.js';
import { COUNT_COLUMNS, COUNT_KEY, countedAs } from './attempt-counts.js';
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
import {
  ATTEMPT_COLUMNS,
  ENDPOINT_COLUMNS,
  LEASED_COLUMNS,
  NEW_DELIVERY_COLUMNS,
  RECORD_COLUMNS,
  attemptValues,
  countDueStatement,
  deliveryValues,
  findByKeyStatement,
  idsAndTokens,
  loadEndpointsStatement,
  loadedEndpoint,
  loadedFrom,
} from './rows.js';
import type { SqlResult, SqlStatement, SqlStep } from './sql-executor.js';
import { columnsOf, type ColumnType } from './postgres-arrays.js';
import type { TableNames } from './table-names.js';

const { eventPart, rankPart } = DELIVERY_ID_PARTS;

const EVENT_TYPES: readonly ColumnType[] = ['text', 'text', 'text', 'text', 'text', 'bigint'];
const RECORD_TYPES: readonly ColumnType[] = [
  'text',
  'int',
  'int',
  'bigint',
  'bigint',
  'boolean',
  'int',
  'text',
  'bigint',
];
const ATTEMPT_TYPES: readonly ColumnType[] = [
  'text',
  'int',
  'text',
  'bigint',
  'int',
  'int',
  'text',
  'text',
  'text',
  'text',
  'text',
];
/** Delivery, token, what is recorded, and what is counted. */
const INPUT_TYPES: readonly ColumnType[] = [
  'text',
  'text',
  ...RECORD_TYPES,
  ...ATTEMPT_TYPES,
  'bigint',
  'int',
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
    const { endpoints, events: eventTable, deliveries } = this.tables;
    const sql = `WITH stored AS (
        INSERT INTO ${eventTable} (id, tenant, type, body, idempotency_key, created_at, test)
        SELECT *, false FROM ${unnested(EVENT_TYPES)}
        ON CONFLICT (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
        RETURNING id, tenant, type, created_at
      ), wanted AS (
        SELECT s.id, s.tenant, s.type, s.created_at, ep.id AS endpoint_id,
          row_number() OVER (PARTITION BY s.id ORDER BY ep.id) AS rank,
          row_number() OVER () <= $9::int AND ep.id <> ALL ($10::text[]) AS own
        FROM stored s JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND (
          strpos(ep.event_types, ' ' || s.type || ' ') > 0
          OR strpos(ep.event_types, ' ' || split_part(s.type, '.', 1) || '.* ') > 0
          OR strpos(ep.event_types, ' * ') > 0)
      ), fanned AS (
        INSERT INTO ${deliveries} (${NEW_DELIVERY_COLUMNS})
        SELECT 'dlv_' || substr(id, 5, ${eventPart}) || lpad(to_hex(rank), ${rankPart}, '0'),
          id, endpoint_id, tenant, type, 'pending', 0, 0, CASE WHEN own THEN $7::bigint ELSE created_at END,
          CASE WHEN own THEN $8::text END, false, false, created_at
        FROM wanted
        RETURNING id, event_id, endpoint_id, lease_token
      )
      SELECT s.id, string_agg(f.id || ' ' || f.endpoint_id, ' ') FILTER (WHERE f.lease_token IS NOT NULL) AS own,
        count(f.id) FILTER (WHERE f.lease_token IS NULL) AS others${own ? `, ${NO_ENDPOINT}` : ''}
      FROM stored s LEFT JOIN fanned f ON f.event_id = s.id GROUP BY s.id
      ${own ? this.endpointsOf('fanned') : ''}`;
    const columns = columnsOf(
      events.map((event) => [
        event.id,
        event.tenant,
        event.type,
        event.body,
        event.idempotencyKey,
        event.createdAt,
      ]),
      EVENT_TYPES,
      this.binary,
    );
    const { lease, most = 0, except = [] } = own ?? {};
    return [
      {
        sql,
        params: [...columns, lease?.expiresAt ?? null, lease?.token ?? null, most, except],
        prepared: true,
      },
    ];
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
    const attemptInputs = ATTEMPT_COLUMNS.map((column) => `attempt_${column}`);
    const attempted = `, attempted AS (
        INSERT INTO ${attempts} (delivery_id, endpoint_id, tenant, ${ATTEMPT_COLUMNS.join(', ')})
        SELECT h.id, h.endpoint_id, h.tenant, ${attemptInputs.map((name) => `i.${name}`).join(', ')}
        FROM input i JOIN held h ON h.id = i.delivery_id WHERE i.attempt_id IS NOT NULL)`;
    const counted = `, counted AS (
        INSERT INTO ${stats} AS s (${COUNT_COLUMNS.join(', ')})
        SELECT h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin, $${INPUT_TYPES.length + 1}::int,
          h.tenant, count(*)
        FROM input i JOIN held h ON h.id = i.delivery_id WHERE i.counted_hour IS NOT NULL
        GROUP BY h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin, h.tenant
        ORDER BY h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin
        ON CONFLICT (${COUNT_KEY.join(', ')}) DO UPDATE SET attempts = s.attempts + excluded.attempts)`;
    const sql = `WITH input AS (
        SELECT * FROM ${unnested(INPUT_TYPES)}
        AS t(delivery_id, token, ${[...RECORD_COLUMNS, ...attemptInputs].join(', ')}, counted_hour, counted_bin)
      ), held AS (
        UPDATE ${deliveries} d SET lease_token = NULL, ${RECORD_COLUMNS.map((name) => `${name} = i.${name}`).join(', ')}
        FROM input i WHERE d.id = i.delivery_id AND d.lease_token = i.token
        RETURNING d.id, d.endpoint_id, d.tenant
      )${parts === 'state' ? '' : attempted}${parts === 'all' ? counted : ''} SELECT string_agg(id, ' ') AS ids FROM held`;
    const rows = records.map((record) => {
      const counted = countedAs(record);
      return [
        record.deliveryId,
        record.token,
        ...deliveryValues(record),
        ...(record.attempt ? attemptValues(record.attempt) : ATTEMPT_COLUMNS.map(() => null)),
        counted?.hour ?? null,
        counted?.bin ?? null,
      ];
    });
    const params: unknown[] = columnsOf(rows, INPUT_TYPES, this.binary);
    return [{ sql, params: parts === 'all' ? [...params, this.writer] : params, prepared: true }];
  }

  /** Leases what `due` finds, and loads it. `$1` and `$2` are the lease's. */
  private claim(due: string, lease: Lease, params: readonly unknown[]): SqlStatement {
    const sql = `WITH due AS MATERIALIZED (${due}), claimed AS (
        UPDATE ${this.tables.deliveries} d SET lease_token = $1, next_attempt_at = $2
        FROM due WHERE d.id = due.id RETURNING ${LEASED_COLUMNS.map((column) => `d.${column}`).join(', ')}
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
const unnested = (types: readonly string[]): string =>
  `unnest(${types.map((type, index) => unseen(`$${index + 1}`, type)).join(', ')})`;

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
