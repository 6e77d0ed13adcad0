import type { HeldEvent, Lease } from '../../domain/lease.js';
import type { Claim, EndpointShare, Walk } from '../../domain/claim.js';
import type { FanOut, OwnShare } from '../../domain/fan-out.js';
import type { BodyToFreeze, DeliveryRecord, NewEvent, RecordParts } from '../../domain/delivery.js';
import { DELIVERY_ID_PARTS } from '../../domain/id.js';
import { ATTEMPTED_COLUMNS, ATTEMPT_COLUMNS, attemptRows } from './attempt-columns.js';
import { COUNT_COLUMNS, COUNT_KEY, attemptCounts } from './attempt-counts.js';
import { ID, namesOf, valuesOf, type Column } from './column.js';
import {
  countDueStatement,
  findByKeyStatement,
  idsAndTokens,
  loadEndpointsStatement,
} from './common-statements.js';
import { RECORDED_COLUMNS, insertDeliveriesOf } from './delivery-columns.js';
import type { DeliveryStatements } from './delivery-statements.js';
import { ownAndOthers } from './own-and-others.js';
import { EVENT_COLUMNS } from './event-columns.js';
import { FREEZE_INPUT } from './frozen-columns.js';
import { loadedFrom } from './loaded-delivery.js';
import type { RepeatedStatement, SqlResult, SqlRow, SqlStatement, SqlStep } from './sql-executor.js';
import type { TableNames } from './table-names.js';
import { versionedFilter, type SeenFilters } from '../seen-filters.js';

const { eventPart, rankPart } = DELIVERY_ID_PARTS;

/** The new values of a record's delivery, and what identifies it. */
const RECORD_INPUT: readonly Column<DeliveryRecord>[] = [
  ...RECORDED_COLUMNS,
  { name: 'id', type: ID, value: (record) => record.deliveryId },
  { name: 'lease_token', type: ID, value: (record) => record.token },
];

/**
 * SQLite, which runs in this process. Statements that write whole rows run once for each row; those that need only ids
 * take one JSON text.
 */
export class SqliteStatements implements DeliveryStatements {
  private readonly texts: ReturnType<typeof textsOf>;

  constructor(
    private readonly tables: TableNames,
    private readonly writer: number,
  ) {
    this.texts = textsOf(tables);
  }

  storeEvents(events: readonly NewEvent[], own: OwnShare | null, filters: SeenFilters): SqlStep[] {
    const paramsOfEach = events.map((event) => valuesOf(EVENT_COLUMNS, event));
    const { lease, most = 0, except = [] } = own ?? {};
    return [
      { sql: this.texts.store, paramsOfEach },
      ([stored]) => ({ sql: this.texts.filtered, params: [tenantsOf(stored!, events)] }),
      ([stored, filtered]) => {
        const kept = [lease?.expiresAt ?? null, lease?.token ?? null, most, JSON.stringify(except)];
        const allowed = JSON.stringify(allowedOf(filtered!.rows, stored!.rows, events, filters));
        return { sql: this.texts.fanOut, params: [...kept, idsOf(stored!), allowed] };
      },
    ];
  }

  fannedOut([stored, , fanned]: readonly SqlResult[]): FanOut {
    const eventIds = stored!.rows.map((row) => String(row.id));
    return { events: ownAndOthers(eventIds, fanned!.rows), endpoints: new Map() };
  }

  findByKey(event: NewEvent): SqlStatement {
    return findByKeyStatement(this.tables, event, ['?', '?']);
  }

  claimOldest({ now, limit }: Claim, lease: Lease): SqlStep[] {
    const due = `SELECT id FROM ${this.tables.deliveries} WHERE status = 'pending' AND next_attempt_at <= ?
      ORDER BY next_attempt_at LIMIT ?`;
    return this.claim(due, lease, [[now, limit]]);
  }

  claimShares(shares: readonly EndpointShare[], now: number, lease: Lease): SqlStep[] {
    const due = `SELECT id FROM ${this.tables.deliveries} INDEXED BY ${this.tables.waiting}
      WHERE status = 'pending' AND tenant = ? AND endpoint_id = ? AND next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?`;
    const paramsOfEach = shares.map(({ tenant, endpointId, limit }) => [tenant, endpointId, now, limit]);
    return this.claim(due, lease, paramsOfEach);
  }

  walkEndpoints({ fromTenant, tenants, fromEndpoints, endpoints }: Walk): SqlStep[] {
    const { deliveries } = this.tables;
    const first = (column: string, where: string): string =>
      `(SELECT ${column} FROM ${deliveries} INDEXED BY ${this.tables.waiting}
        WHERE status = 'pending' AND ${where} ORDER BY tenant, endpoint_id, next_attempt_at LIMIT 1)`;
    const sql = `WITH RECURSIVE tenants(tenant, place) AS (
        SELECT ${first('tenant', 'tenant >= ?')}, 1
        UNION ALL
        SELECT ${first('tenant', 'tenant > tenants.tenant')}, place + 1
        FROM tenants WHERE tenants.tenant IS NOT NULL AND place < ?
      ), visited(tenant, endpoint_id, place) AS (
        SELECT tenants.tenant, ${first('endpoint_id', `tenant = tenants.tenant AND endpoint_id >= coalesce(f.value, '')`)}, 1
        FROM tenants LEFT JOIN json_each(?) f ON f.key = tenants.tenant WHERE tenants.tenant IS NOT NULL
        UNION ALL
        SELECT visited.tenant, ${first('endpoint_id', 'tenant = visited.tenant AND endpoint_id > visited.endpoint_id')}, place + 1
        FROM visited WHERE visited.endpoint_id IS NOT NULL AND place < ?
      )
      SELECT tenant, endpoint_id,
        ${first('next_attempt_at', 'tenant = visited.tenant AND endpoint_id = visited.endpoint_id')} AS due_at
      FROM visited WHERE endpoint_id IS NOT NULL`;
    const from = JSON.stringify(Object.fromEntries(fromEndpoints));
    return [{ sql, params: [fromTenant, tenants, from, endpoints] }];
  }

  countDue(now: number): SqlStatement {
    return countDueStatement(this.tables, '?', now);
  }

  loadHeld(held: readonly HeldEvent[]): SqlStatement {
    const { deliveries } = this.tables;
    const sql = `${loadedFrom(this.tables, deliveries)}
      WHERE d.event_id IN (SELECT value FROM json_each(?)) AND d.lease_token IN (SELECT value FROM json_each(?))`;
    return { sql, params: idsAndTokens(held).map((list) => JSON.stringify(list)) };
  }

  loadEndpoints(ids: readonly string[]): SqlStatement {
    return loadEndpointsStatement(this.tables, 'IN (SELECT value FROM json_each(?))', [JSON.stringify(ids)]);
  }

  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[] {
    const held = (results: readonly SqlResult[]): DeliveryRecord[] => {
      const ids = new Set(this.recordedIds(results));
      return records.filter(({ deliveryId }) => ids.has(deliveryId));
    };
    return [
      {
        sql: this.texts.record,
        paramsOfEach: records.map((record) => valuesOf(RECORD_INPUT, record)),
      },
      (results) =>
        parts === 'state' ? undefined : { sql: this.texts.attempt, paramsOfEach: attemptRows(held(results)) },
      (results) => (parts === 'all' ? this.countAttempts(held(results)) : undefined),
    ];
  }

  freeze(bodies: readonly BodyToFreeze[]): SqlStep[] {
    const sql = `UPDATE ${this.tables.deliveries} SET frozen_body = ? WHERE id = ? AND lease_token = ? RETURNING id`;
    return [{ sql, paramsOfEach: bodies.map((body) => valuesOf(FREEZE_INPUT, body)) }];
  }

  recordedIds([updated]: readonly SqlResult[]): string[] {
    return updated!.rows.map((row) => String(row.id));
  }

  /** Leases the rows that `due` finds with each of these rows of parameters, and loads them. */
  private claim(due: string, { token, expiresAt }: Lease, paramsOfEach: readonly unknown[][]): SqlStep[] {
    const { deliveries } = this.tables;
    const update = `UPDATE ${deliveries} SET lease_token = ?, next_attempt_at = ? WHERE id IN (${due}) RETURNING id`;
    const load = `${loadedFrom(this.tables, deliveries)} WHERE d.id IN (SELECT value FROM json_each(?))`;
    return [
      { sql: update, paramsOfEach: paramsOfEach.map((params) => [token, expiresAt, ...params]) },
      ([claimed]) =>
        claimed!.rows.length === 0
          ? undefined
          : { sql: load, params: [JSON.stringify(claimed!.rows.map((row) => row.id))] },
    ];
  }

  private countAttempts(records: readonly DeliveryRecord[]): RepeatedStatement {
    const rows = attemptCounts(records, this.writer);
    const sql = `INSERT INTO ${this.tables.stats} AS s (${COUNT_COLUMNS.join(', ')})
      VALUES (${marks(COUNT_COLUMNS.length)})
      ON CONFLICT (${COUNT_KEY.join(', ')}) DO UPDATE SET attempts = s.attempts + excluded.attempts`;
    return { sql, paramsOfEach: rows };
  }
}

/** The texts that run for each event and each record, made once. */
function textsOf(tables: TableNames) {
  const { endpoints, events: eventTable, deliveries, attempts } = tables;
  const store = `INSERT INTO ${eventTable} (${namesOf(EVENT_COLUMNS)}) VALUES (${marks(EVENT_COLUMNS.length)})
    ON CONFLICT (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id`;
  const kept = `SELECT *, 'dlv_' || substr(event_id, 5, ${eventPart}) || printf('%0${rankPart}x', rank) AS id,
      CASE WHEN own THEN ? ELSE created_at END AS next_attempt_at, CASE WHEN own THEN ? END AS lease_token
    FROM (
      SELECT s.id AS event_id, s.tenant, s.type AS event_type, s.created_at, ep.id AS endpoint_id,
        row_number() OVER (PARTITION BY s.id ORDER BY ep.id) AS rank,
        row_number() OVER () <= ? AND ep.id NOT IN (SELECT value FROM json_each(?)) AS own
      FROM json_each(?) i
      JOIN ${eventTable} s ON s.id = i.value
      JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND (
        instr(ep.event_types, ' ' || s.type || ' ') > 0
        OR instr(ep.event_types, ' ' || substr(s.type, 1, instr(s.type, '.')) || '* ') > 0
        OR instr(ep.event_types, ' * ') > 0)
        AND (ep.filter IS NULL OR s.id || ' ' || ep.id IN (SELECT value FROM json_each(?))))`;
  const filtered = `SELECT ep.tenant, ep.id, ep.filter, ep.version FROM json_each(?) i
    JOIN ${endpoints} ep ON ep.tenant = i.value AND ep.filter IS NOT NULL AND ep.active`;
  const fanOut = `${insertDeliveriesOf(tables, kept)} RETURNING id, event_id, endpoint_id, lease_token`;
  const assignments = RECORDED_COLUMNS.map(({ name }) => `${name} = ?`);
  const record = `UPDATE ${deliveries} SET lease_token = NULL, ${assignments.join(', ')}
    WHERE id = ? AND lease_token = ? RETURNING id`;
  const attemptColumns = [...ATTEMPTED_COLUMNS, ...ATTEMPT_COLUMNS];
  const attempt = `INSERT INTO ${attempts} (${namesOf(attemptColumns)}) VALUES (${marks(attemptColumns.length)})`;
  return { store, filtered, fanOut, record, attempt };
}

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

const idsOf = ({ rows }: SqlResult): string => JSON.stringify(rows.map((row) => row.id));

const tenantsOf = ({ rows }: SqlResult, events: readonly NewEvent[]): string => {
  const stored = new Set(rows.map(({ id }) => id));
  return JSON.stringify([...new Set(events.filter(({ id }) => stored.has(id)).map(({ tenant }) => tenant))]);
};

/** Pairs of events and endpoints that filters allow: rarely more than are sent. */
function allowedOf(
  endpoints: readonly SqlRow[],
  stored: readonly SqlRow[],
  events: readonly NewEvent[],
  filters: SeenFilters,
): string[] {
  if (endpoints.length === 0) return [];
  const ids = new Set(stored.map(({ id }) => id));
  const allowed: string[] = [];
  for (const event of events) {
    if (!ids.has(event.id)) continue;
    for (const { tenant, id, filter, version } of endpoints) {
      const isAllowed = tenant === event.tenant && filters.allows(event, versionedFilter(version, filter));
      if (isAllowed) allowed.push(`${event.id} ${String(id)}`);
    }
  }
  return allowed;
}
