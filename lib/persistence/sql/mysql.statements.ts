import type { HeldEvent, Lease } from '../../domain/lease.js';
import type { Claim, EndpointShare, Walk } from '../../domain/claim.js';
import type { FanOut, OwnShare } from '../../domain/fan-out.js';
import type { BodyToFreeze, DeliveryRecord, NewEvent, RecordParts } from '../../domain/delivery.js';
import { deliveryIdOf } from '../../domain/id.js';
import { ATTEMPTED_COLUMNS, ATTEMPT_COLUMNS, attemptRows } from './attempt-columns.js';
import { COUNT_COLUMNS, attemptCounts } from './attempt-counts.js';
import { ID, namesOf, valuesOf, type Column } from './column.js';
import {
  countDueStatement,
  findByKeyStatement,
  idsAndTokens,
  loadEndpointsStatement,
} from './common-statements.js';
import { RECORDED_COLUMNS, insertDeliveries, newDeliveryRow } from './delivery-columns.js';
import type { DeliveryStatements } from './delivery-statements.js';
import { ownAndOthers } from './own-and-others.js';
import { EVENT_COLUMNS } from './event-columns.js';
import { FREEZE_INPUT } from './frozen-columns.js';
import { insertsOf } from './inserted-rows.js';
import { loadedFrom } from './loaded-delivery.js';
import type { SqlResult, SqlRow, SqlStatement, SqlStep } from './sql-executor.js';
import type { TableNames } from './table-names.js';
import { versionedFilter, type SeenFilters } from '../seen-filters.js';

/**
 * Without this, MySQL would scan a small table, and wait for every row that an open transaction of the app has
 * inserted. Its deliveries would block the records of all others.
 */
const BY_ID = 'FORCE INDEX (PRIMARY)';

/** How many of the oldest deliveries are read for each one that is claimed, since several workers claim at once. */
const CANDIDATES = 4;

/** Identifies a delivery while it is held. */
type HeldRow = Pick<DeliveryRecord, 'deliveryId' | 'token'>;

/** The delivery of a record, with what is written to it. */
const RECORD_INPUT: readonly Column<DeliveryRecord>[] = [
  { name: 'id', type: ID, value: (record) => record.deliveryId },
  ...RECORDED_COLUMNS,
];

/** MySQL 8 and MariaDB 10.6: no `RETURNING` on both, so a step reads first and writes what it has read. */
export class MysqlStatements implements DeliveryStatements {
  constructor(
    private readonly tables: TableNames,
    private readonly writer: number,
  ) {}

  storeEvents(events: readonly NewEvent[], own: OwnShare | null, filters: SeenFilters): SqlStep[] {
    const { endpoints, events: eventTable } = this.tables;
    const rows = events.map((event) => valuesOf(EVENT_COLUMNS, event));
    // IGNORE would also turn every other error into a warning.
    const insert = `INSERT INTO ${eventTable} (${namesOf(EVENT_COLUMNS)})`;
    // INSERT … SELECT would lock the endpoints until the caller's transaction ends.
    const match = `SELECT s.id AS event_id, s.tenant, s.type AS event_type, s.created_at, ep.id AS endpoint_id, ep.filter, ep.version
      FROM ${eventTable} s LEFT JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND (
        instr(ep.event_types, concat(' ', s.type, ' ')) > 0
        OR instr(ep.event_types, concat(' ', substring_index(s.type, '.', 1), '.* ')) > 0
        OR instr(ep.event_types, ' * ') > 0)
      WHERE s.id IN (${marks(events)}) ORDER BY s.id, ep.id`;
    return [
      insertsOf({ insert, rows, end: `ON DUPLICATE KEY UPDATE id = ${eventTable}.id` }),
      { sql: match, params: events.map((event) => event.id) },
      ([, matched]) => {
        reject(matched!.rows, events, filters);
        return this.fanOut(keep(matched!.rows, own));
      },
    ];
  }

  /**
   * An insert that waits for a key locks the gap before it, where events without a key go. So it is tried only for keys
   * that nobody has. If a key is taken, maybe by an open transaction, `findByKey` waits for its row alone.
   */
  findKnownKeys(events: readonly NewEvent[]): SqlStatement {
    const keys = events.map(({ tenant, idempotencyKey }) => [tenant, idempotencyKey]);
    const sql = `SELECT tenant, idempotency_key FROM ${this.tables.events}
      WHERE (tenant, idempotency_key) IN (${tuples(keys)})`;
    return { sql, params: keys.flat(), isolation: 'READ UNCOMMITTED' };
  }

  /** `fanOut` has completed the matched rows. */
  fannedOut([, matched]: readonly SqlResult[]): FanOut {
    const eventIds = matched!.rows.map((row) => String(row.event_id));
    const deliveries = matched!.rows.filter((row) => row.endpoint_id !== null);
    return { events: ownAndOthers(eventIds, deliveries), endpoints: new Map() };
  }

  findByKey(event: NewEvent): SqlStatement {
    // A locking read sees what was committed after the caller's snapshot. On MariaDB it locks no gap only under READ
    // COMMITTED.
    const find = findByKeyStatement(this.tables, event, ['?', '?'], 'LOCK IN SHARE MODE');
    return { ...find, isolation: 'READ COMMITTED' };
  }

  findSeenByKey(event: NewEvent): SqlStatement {
    return findByKeyStatement(this.tables, event, ['?', '?']);
  }

  claimOldest({ now, limit }: Claim, lease: Lease): SqlStep[] {
    const due = `SELECT id FROM ${this.tables.deliveries} WHERE status = 'pending' AND next_attempt_at <= ?
      ORDER BY next_attempt_at LIMIT ?`;
    return this.claim({ sql: due, params: [now, CANDIDATES * limit] }, { now, limit }, lease);
  }

  claimShares(shares: readonly EndpointShare[], now: number, lease: Lease): SqlStep[] {
    const due = `(SELECT id FROM ${this.tables.deliveries} FORCE INDEX (${this.tables.waiting})
      WHERE status = 'pending' AND tenant = ? AND endpoint_id = ? AND next_attempt_at <= ?
      ORDER BY next_attempt_at LIMIT ?)`;
    const params = shares.flatMap((share) => [share.tenant, share.endpointId, now, share.limit]);
    const limit = shares.reduce((sum, share) => sum + share.limit, 0);
    return this.claim({ sql: shares.map(() => due).join(' UNION ALL '), params }, { now, limit }, lease);
  }

  /**
   * Neither MySQL nor MariaDB can begin an index range at a value of another row. DISTINCT skips from one value to the
   * next, in the order of the index.
   */
  walkEndpoints({ fromTenant, tenants, fromEndpoints, endpoints }: Walk): SqlStep[] {
    const pending = `${this.tables.deliveries} FORCE INDEX (${this.tables.waiting}) WHERE status = 'pending'`;
    const visit = `SELECT v.tenant, v.endpoint_id, (
        SELECT next_attempt_at FROM ${pending} AND tenant = v.tenant AND endpoint_id = v.endpoint_id
        ORDER BY next_attempt_at LIMIT 1) AS due_at
      FROM (SELECT DISTINCT status, tenant, endpoint_id FROM ${pending} AND tenant = ? AND endpoint_id >= ? LIMIT ?) v`;
    return [
      {
        sql: `SELECT DISTINCT status, tenant FROM ${pending} AND tenant >= ? LIMIT ?`,
        params: [fromTenant, tenants],
      },
      ([found]) =>
        found!.rows.length === 0
          ? undefined
          : {
              sql: found!.rows.map(() => visit).join(' UNION ALL '),
              params: found!.rows.flatMap(({ tenant }) => [
                tenant,
                fromEndpoints.get(String(tenant)) ?? '',
                endpoints,
              ]),
            },
    ];
  }

  countDue(now: number): SqlStatement {
    return countDueStatement(this.tables, '?', now);
  }

  loadHeld(held: readonly HeldEvent[]): SqlStatement {
    const [eventIds, tokens] = idsAndTokens(held);
    const sql = `${loadedFrom(this.tables, this.tables.deliveries)}
      WHERE d.event_id IN (${marks(eventIds)}) AND d.lease_token IN (${marks(tokens)})`;
    return { sql, params: [...eventIds, ...tokens] };
  }

  loadEndpoints(ids: readonly string[]): SqlStatement {
    return loadEndpointsStatement(this.tables, `IN (${marks(ids)})`, [...ids]);
  }

  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[] {
    const held = this.heldOf(records);
    return [
      this.lock(records),
      (results) => (parts === 'state' ? undefined : this.insertAttempts(held(results))),
      (results) => this.updateDeliveries(held(results)),
      // Last: others may wait for these rows until the transaction ends.
      (results) => (parts === 'all' ? this.countAttempts(held(results)) : undefined),
    ];
  }

  freeze(bodies: readonly BodyToFreeze[]): SqlStep[] {
    const held = this.heldOf(bodies);
    return [
      this.lock(bodies),
      (results) => this.update(held(results), FREEZE_INPUT, 'd.frozen_body = i.frozen_body'),
    ];
  }

  recordedIds([locked]: readonly SqlResult[]): string[] {
    return locked!.rows.map((row) => String(row.id));
  }

  /** The rows that are still held under their lease. */
  private lock(rows: readonly HeldRow[]): SqlStatement {
    const pairs = rows.map(() => '(?, ?)').join(', ');
    const sql = `SELECT id FROM ${this.tables.deliveries} ${BY_ID} WHERE id IN (${marks(rows)})
      AND (id, lease_token) IN (${pairs}) FOR UPDATE`;
    const ids = rows.map(({ deliveryId }) => deliveryId);
    return { sql, params: [...ids, ...rows.flatMap(({ deliveryId, token }) => [deliveryId, token])] };
  }

  private heldOf<Row extends HeldRow>(rows: readonly Row[]): (results: readonly SqlResult[]) => Row[] {
    return (results) => {
      const locked = new Set(this.recordedIds(results));
      return rows.filter(({ deliveryId }) => locked.has(deliveryId));
    };
  }

  private fanOut(wanted: readonly SqlRow[]): SqlStatement[] {
    return insertsOf({ insert: insertDeliveries(this.tables), rows: wanted.map(newDeliveryRow) });
  }

  /**
   * Leases the rows that `due` finds and nobody else has locked, and loads them. They are read without a lock, and then
   * locked by id. A locking read of an index would also lock rows that an open transaction of the app has inserted, in
   * that transaction's name, and InnoDB turns such a lock into one of the gap before it when the page is split. Then
   * nobody could record deliveries until that transaction ends.
   */
  private claim(due: SqlStatement, { now, limit }: Claim, { token, expiresAt }: Lease): SqlStep[] {
    const { deliveries } = this.tables;
    const lock = `SELECT d.id FROM (${due.sql}) due STRAIGHT_JOIN ${deliveries} d ${BY_ID} ON d.id = due.id
      WHERE d.status = 'pending' AND d.next_attempt_at <= ? LIMIT ? FOR UPDATE SKIP LOCKED`;
    const ofLocked =
      (sqlOf: (ids: string) => string, ...params: unknown[]) =>
      ([locked]: readonly SqlResult[]): SqlStatement | undefined => {
        const ids = locked!.rows.map((row) => row.id);
        return ids.length === 0 ? undefined : { sql: sqlOf(marks(ids)), params: [...params, ...ids] };
      };
    return [
      { sql: lock, params: [...(due.params ?? []), now, limit] },
      ofLocked(
        (ids) =>
          `UPDATE ${deliveries} ${BY_ID} SET lease_token = ?, next_attempt_at = ? WHERE id IN (${ids})`,
        token,
        expiresAt,
      ),
      ofLocked((ids) => `${loadedFrom(this.tables, deliveries)} WHERE d.id IN (${ids})`),
    ];
  }

  private insertAttempts(held: readonly DeliveryRecord[]): SqlStatement[] {
    const columns = namesOf([...ATTEMPTED_COLUMNS, ...ATTEMPT_COLUMNS]);
    return insertsOf({ insert: `INSERT INTO ${this.tables.attempts} (${columns})`, rows: attemptRows(held) });
  }

  private updateDeliveries(held: readonly DeliveryRecord[]): SqlStatement | undefined {
    const assignments = RECORDED_COLUMNS.map(({ name }) => `d.${name} = i.${name}`).join(', ');
    return this.update(held, RECORD_INPUT, `d.lease_token = NULL, ${assignments}`);
  }

  private update<Row>(
    rows: readonly Row[],
    columns: readonly Column<Row>[],
    assignments: string,
  ): SqlStatement | undefined {
    if (rows.length === 0) return undefined;
    const input = unionOf(
      columns.map(({ name }) => name),
      rows.length,
    );
    return {
      sql: `UPDATE ${this.tables.deliveries} d ${BY_ID} JOIN (${input}) i ON i.id = d.id SET ${assignments}`,
      params: rows.flatMap((row) => valuesOf(columns, row)),
    };
  }

  private countAttempts(held: readonly DeliveryRecord[]): SqlStatement | undefined {
    const rows = attemptCounts(held, this.writer);
    if (rows.length === 0) return undefined;
    // MySQL warns about VALUES(attempts), and MariaDB has no alias for the new row.
    return {
      sql: `INSERT INTO ${this.tables.stats} (${COUNT_COLUMNS.join(', ')})
        SELECT * FROM (${unionOf(COUNT_COLUMNS, rows.length)}) i
        ON DUPLICATE KEY UPDATE attempts = ${this.tables.stats}.attempts + i.attempts`,
      params: rows.flat(),
    };
  }
}

/** Removes the endpoint from each match that its filter excludes, in place. The event is stored all the same. */
function reject(matched: readonly SqlRow[], events: readonly NewEvent[], filters: SeenFilters): void {
  const filtered = matched.filter((row) => row.filter !== null);
  if (filtered.length === 0) return;
  const byId = new Map(events.map((event) => [event.id, event]));
  for (const row of filtered) {
    if (!filters.allows(byId.get(String(row.event_id))!, versionedFilter(row.version, row.filter)))
      row.endpoint_id = null;
  }
}

/** Gives each match its delivery's id, and the own ones their lease, in place: `fannedOut` reads the same rows. */
function keep(matched: readonly SqlRow[], own: OwnShare | null): SqlRow[] {
  const wanted = matched.filter((row) => row.endpoint_id !== null);
  const ranks = new Map<unknown, number>();
  for (const [index, row] of wanted.entries()) {
    const rank = (ranks.get(row.event_id) ?? 0) + 1;
    ranks.set(row.event_id, rank);
    row.id = deliveryIdOf(String(row.event_id), rank);
    const isOwn = own !== null && index < own.most && !own.except.includes(String(row.endpoint_id));
    row.lease_token = isOwn ? own.lease.token : null;
    row.next_attempt_at = isOwn ? own.lease.expiresAt : row.created_at;
  }
  return wanted;
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
const tuples = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => `(${marks(row)})`).join(', ');

/** A table of this many rows of parameters. */
function unionOf(columns: readonly string[], rows: number): string {
  const first = `SELECT ${columns.map((name) => `? AS ${name}`).join(', ')}`;
  const others = Array.from({ length: rows - 1 }, () => `SELECT ${marks(columns)}`);
  return [first, ...others].join(' UNION ALL ');
}
