import type { HeldEvent, Lease } from '../../domain/lease.js';
import type { Claim, EndpointShare, Walk } from '../../domain/claim.js';
import type { EndpointFilter, FanOut, FannedOutEvent, OwnShare } from '../../domain/fan-out.js';
import type {
  BodyToFreeze,
  DeliveryRecord,
  LoadedEndpoint,
  NewEvent,
  RecordParts,
} from '../../domain/delivery.js';
import {
  countDueStatement,
  findByKeyStatement,
  idsAndTokens,
  loadEndpointsStatement,
} from './common-statements.js';
import { LOADED_COLUMNS } from './delivery-columns.js';
import type { DeliveryStatements } from './delivery-statements.js';
import { EVENT_COLUMNS } from './event-columns.js';
import { loadedEndpoint, loadedFrom } from './loaded-delivery.js';
import type { SqlResult, SqlStatement, SqlStep } from './sql-executor.js';
import { arraysOf } from './postgres-arrays.js';
import { FREEZE_INPUT } from './frozen-columns.js';
import { RECORD_INPUT, anyOf, freezeText, recordText, storeText, type Storing } from './postgres-texts.js';
import type { TableNames } from './table-names.js';
import type { SeenFilters, Verdicts } from '../seen-filters.js';
import { ID, TEXT, type Column } from './column.js';

/**
 * The order of the index of waiting deliveries. For a range of endpoints only this index has it; for a single one, the
 * index of due deliveries would have it, too.
 */
const WAITING_ORDER = 'tenant, endpoint_id, next_attempt_at';

const JUDGED: readonly Column<EndpointFilter>[] = [
  { name: 'id', type: ID, value: ({ endpointId }) => endpointId },
  { name: 'filter', type: TEXT, value: ({ filter }) => filter },
];
const ALLOWED: readonly Column<Verdicts['allowed'][number]>[] = [
  { name: 'event_id', type: ID, value: ({ eventId }) => eventId },
  { name: 'endpoint_id', type: ID, value: ({ endpointId }) => endpointId },
];

/** PostgreSQL 15 and later: every step is one statement, and rows are passed as one array per column. */
export class PostgresStatements implements DeliveryStatements {
  readonly storesNoneWhereFiltered = true;

  private readonly storing: (own: boolean, filters: Storing['filters']) => string;
  private readonly recording: Readonly<Record<RecordParts, string>>;

  constructor(
    private readonly tables: TableNames,
    private readonly writer: number,
    private readonly binary: boolean,
  ) {
    const textsFor = (filters: Storing['filters']): string[] =>
      [false, true].map((withEndpoints) => storeText(tables, { withEndpoints, binary, filters }));
    const texts = { none: textsFor('none'), asked: textsFor('asked'), judged: textsFor('judged') };
    this.storing = (own, filters) => texts[filters][Number(own)]!;
    this.recording = {
      all: recordText(tables, 'all'),
      uncounted: recordText(tables, 'uncounted'),
      state: recordText(tables, 'state'),
    };
  }

  storeEvents(events: readonly NewEvent[], own: OwnShare | null, filters: SeenFilters): SqlStep[] {
    const { lease, most = 0, except = [] } = own ?? {};
    const share = [lease?.expiresAt ?? null, lease?.token ?? null, most, except];
    const verdicts = filters.verdicts(events);
    const judgement = verdicts
      ? [
          ...arraysOf(verdicts.judged, JUDGED, this.binary),
          ...arraysOf(verdicts.allowed, ALLOWED, this.binary),
        ]
      : [];
    return [
      {
        sql: this.storing(own !== null, verdicts ? 'judged' : filters.areUsed ? 'asked' : 'none'),
        params: [...arraysOf(events, EVENT_COLUMNS, this.binary), ...share, ...judgement],
        prepared: true,
      },
    ];
  }

  fannedOut([stored]: readonly SqlResult[]): FanOut {
    const events = new Map<string, FannedOutEvent>();
    const endpoints = new Map<string, LoadedEndpoint>();
    let unjudged: EndpointFilter[] | undefined;
    for (const row of stored!.rows) {
      if (row.url) endpoints.set(String(row.id), loadedEndpoint(row));
      else if (row.others === null) {
        const [tenant, filter] = JSON.parse(String(row.own)) as [string, string];
        (unjudged ??= []).push({ tenant, endpointId: String(row.id), filter });
      } else events.set(String(row.id), { own: pairsOf(row.own), hasMore: Number(row.others) > 0 });
    }
    return { events, endpoints, ...(unjudged ? { unjudged } : {}) };
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
    // Not prepared: a cached plan that was made for a small table would sort, too.
    return [{ sql, params, inIndexOrder: true }];
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
    return [{ sql, params: [fromTenant, tenants, ...from, endpoints], inIndexOrder: true }];
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
    const params: unknown[] = arraysOf(records, RECORD_INPUT, this.binary);
    return [
      {
        sql: this.recording[parts],
        params: parts === 'all' ? [...params, this.writer] : params,
        prepared: true,
      },
    ];
  }

  freeze(bodies: readonly BodyToFreeze[]): SqlStep[] {
    const params = arraysOf(bodies, FREEZE_INPUT, this.binary);
    return [{ sql: freezeText(this.tables), params, prepared: true }];
  }

  /** Leases the rows that `due` finds, and loads them. `$1` and `$2` belong to the lease. */
  private claim(due: string, lease: Lease, params: readonly unknown[]): SqlStatement {
    const sql = `WITH due AS MATERIALIZED (${due}), claimed AS (
        UPDATE ${this.tables.deliveries} d SET lease_token = $1, next_attempt_at = $2
        FROM due WHERE d.id = due.id RETURNING ${LOADED_COLUMNS.map((column) => `d.${column}`).join(', ')}
      ) ${loadedFrom(this.tables, 'claimed')}`;
    return { sql, params: [lease.token, lease.expiresAt, ...params], prepared: true };
  }

  recordedIds([held]: readonly SqlResult[]): string[] {
    const ids = held?.rows[0]?.ids;
    return typeof ids === 'string' ? ids.split(' ') : [];
  }
}

/** Parses pairs from one text. */
function pairsOf(text: unknown): { id: string; endpointId: string }[] {
  if (typeof text !== 'string') return [];
  const words = text.split(' ');
  return Array.from({ length: words.length / 2 }, (_, n) => ({
    id: words[2 * n]!,
    endpointId: words[2 * n + 1]!,
  }));
}
