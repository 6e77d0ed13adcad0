import { deliveryIdsOf } from '../../domain/id.js';
import { COUNT_COLUMNS, attemptCounts } from './attempt-counts.js';
import type {
  Claim,
  DeliveryRecord,
  DeliveryStatements,
  FanOut,
  Lease,
  LeasedBatch,
  NewEvent,
  Postponement,
  RecordParts,
} from './delivery-statements.js';
import {
  ATTEMPT_COLUMNS,
  NEW_DELIVERY_COLUMNS,
  RECORD_COLUMNS,
  allIds,
  attemptValues,
  countDueStatement,
  deliveryValues,
  findByKeyStatement,
  loadEndpointsStatement,
  loadStatement,
} from './rows.js';
import { insertsOf } from './inserted-rows.js';
import type { SqlResult, SqlRow, SqlStatement, SqlStep } from './sql-executor.js';
import type { TableNames } from './table-names.js';

/**
 * A small table would be scanned, which waits for every row that an open transaction of the app has inserted: its
 * deliveries would hold up the records of all others.
 */
const BY_ID = 'FORCE INDEX (PRIMARY)';

/** MySQL 8 and MariaDB 10.6: no `RETURNING` on both, so a step reads first and writes what it has read. */
export class MysqlStatements implements DeliveryStatements {
  constructor(
    private readonly tables: TableNames,
    private readonly writer: number,
  ) {}

  storeEvents(events: readonly NewEvent[], lease: Lease | null): SqlStep[] {
    const { endpoints, events: eventTable } = this.tables;
    const rows = events.map((event) => [
      event.id,
      event.tenant,
      event.type,
      event.body,
      event.idempotencyKey,
      event.createdAt,
      false,
    ]);
    // IGNORE would turn every other error into a warning as well.
    const insert = `INSERT INTO ${eventTable} (id, tenant, type, body, idempotency_key, created_at, test)`;
    // INSERT … SELECT would lock the endpoints until the caller's transaction ends.
    const match = `SELECT s.id AS event_id, s.tenant, s.type, s.created_at, ep.id AS endpoint_id
      FROM ${eventTable} s LEFT JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND (
        instr(ep.event_types, concat(' ', s.type, ' ')) > 0
        OR instr(ep.event_types, concat(' ', substring_index(s.type, '.', 1), '.* ')) > 0
        OR instr(ep.event_types, ' * ') > 0)
      WHERE s.id IN (${marks(events)}) ORDER BY s.id, ep.id`;
    return [
      insertsOf({ insert, rows, end: `ON DUPLICATE KEY UPDATE id = ${eventTable}.id` }),
      { sql: match, params: events.map((event) => event.id) },
      ([, matched]) => this.fanOut(matched!.rows, lease),
    ];
  }

  /**
   * An insert that waits for a key keeps everybody from the gap before it, which is where events without a key go. So it is
   * tried only for keys that nobody has; who has one, maybe not committed, is waited for by `findByKey`, at its row alone.
   */
  findKnownKeys(events: readonly NewEvent[]): SqlStatement {
    const keys = events.map(({ tenant, idempotencyKey }) => [tenant, idempotencyKey]);
    const sql = `SELECT tenant, idempotency_key FROM ${this.tables.events}
      WHERE (tenant, idempotency_key) IN (${tuples(keys)})`;
    return { sql, params: keys.flat(), isolation: 'READ UNCOMMITTED' };
  }

  fannedOut([, matched]: readonly SqlResult[]): FanOut {
    const endpointIds = new Map(
      [...byEvent(matched!.rows)].map(([eventId, wanted]) => [
        eventId,
        wanted.map((row) => String(row.endpoint_id)),
      ]),
    );
    return { endpointIds, endpoints: new Map() };
  }

  findByKey(event: NewEvent): SqlStatement {
    // A locking read sees what was committed after the caller's snapshot. Only under READ COMMITTED it locks no gap, on MariaDB.
    const find = findByKeyStatement(this.tables, event, ['?', '?'], 'LOCK IN SHARE MODE');
    return { ...find, isolation: 'READ COMMITTED' };
  }

  findSeenByKey(event: NewEvent): SqlStatement {
    return findByKeyStatement(this.tables, event, ['?', '?']);
  }

  claimDue({ now, limit, newestFirst }: Claim, lease: Lease): SqlStep[] {
    const { deliveries } = this.tables;
    const due = `SELECT id FROM ${deliveries} WHERE status = 'pending' AND next_attempt_at <= ?
      ORDER BY next_attempt_at ${newestFirst ? 'DESC' : 'ASC'} LIMIT ? FOR UPDATE SKIP LOCKED`;
    return [
      { sql: due, params: [now, limit] },
      ([locked]) =>
        locked!.rows.length === 0
          ? undefined
          : {
              sql: `UPDATE ${deliveries} ${BY_ID} SET lease_token = ?, next_attempt_at = ? WHERE id IN (${marks(locked!.rows)})`,
              params: [lease.token, lease.expiresAt, ...locked!.rows.map((row) => row.id)],
            },
    ];
  }

  release({ token, deliveryIds }: LeasedBatch, now: number): SqlStep[] {
    const sql = `UPDATE ${this.tables.deliveries} ${BY_ID} SET lease_token = NULL, next_attempt_at = ?
      WHERE id IN (${marks(deliveryIds)}) AND lease_token = ?`;
    return [{ sql, params: [now, ...deliveryIds, token] }];
  }

  countDue(now: number): SqlStatement {
    return countDueStatement(this.tables, '?', now);
  }

  postpone({ endpointId, now, from, spanMs, limit }: Postponement): SqlStep[] {
    const { deliveries } = this.tables;
    const due = `SELECT id FROM ${deliveries} WHERE status = 'pending' AND next_attempt_at <= ? AND endpoint_id = ?
      ORDER BY next_attempt_at LIMIT ? FOR UPDATE SKIP LOCKED`;
    return [
      { sql: due, params: [now, endpointId, limit] },
      ([locked]) =>
        locked!.rows.length === 0
          ? undefined
          : {
              sql: `UPDATE ${deliveries} ${BY_ID} SET lease_token = NULL, next_attempt_at = ? + FLOOR(RAND() * ?)
                WHERE id IN (${marks(locked!.rows)})`,
              params: [from, spanMs, ...locked!.rows.map((row) => row.id)],
            },
    ];
  }

  load(batches: readonly LeasedBatch[]): SqlStep[] {
    const ids = allIds(batches);
    const tokens = batches.map((batch) => batch.token);
    const where = `d.id IN (${marks(ids)}) AND d.lease_token IN (${marks(tokens)})`;
    return [loadStatement(this.tables, where, [...ids, ...tokens])];
  }

  loadEndpoints(ids: readonly string[]): SqlStatement {
    return loadEndpointsStatement(this.tables, `IN (${marks(ids)})`, [...ids]);
  }

  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[] {
    const { deliveries } = this.tables;
    const pairs = records.map(() => '(?, ?)').join(', ');
    const lock = `SELECT id FROM ${deliveries} ${BY_ID} WHERE id IN (${marks(records)})
      AND (id, lease_token) IN (${pairs}) FOR UPDATE`;
    const ids = records.map((record) => record.deliveryId);
    const held = (results: readonly SqlResult[]): DeliveryRecord[] => {
      const locked = new Set(this.recordedIds(results));
      return records.filter((record) => locked.has(record.deliveryId));
    };
    return [
      { sql: lock, params: [...ids, ...records.flatMap((record) => [record.deliveryId, record.token])] },
      (results) => (parts === 'state' ? undefined : this.insertAttempts(held(results))),
      (results) => this.updateDeliveries(held(results)),
      // The last: others may wait for these rows until the transaction ends.
      (results) => (parts === 'all' ? this.countAttempts(held(results)) : undefined),
    ];
  }

  recordedIds([locked]: readonly SqlResult[]): string[] {
    return locked!.rows.map((row) => String(row.id));
  }

  private fanOut(matched: readonly SqlRow[], lease: Lease | null): SqlStatement[] {
    const rows = [...byEvent(matched)].flatMap(([eventId, wanted]) => {
      const ids = deliveryIdsOf(eventId, wanted.length);
      return wanted.map((row, index) => newDelivery(ids[index]!, row, lease));
    });
    return insertsOf({ insert: `INSERT INTO ${this.tables.deliveries} (${NEW_DELIVERY_COLUMNS})`, rows });
  }

  private insertAttempts(held: readonly DeliveryRecord[]): SqlStatement[] {
    const rows = held.flatMap(({ deliveryId, endpointId, tenant, attempt }) =>
      attempt ? [[deliveryId, endpointId, tenant, ...attemptValues(attempt)]] : [],
    );
    const columns = ['delivery_id', 'endpoint_id', 'tenant', ...ATTEMPT_COLUMNS].join(', ');
    return insertsOf({ insert: `INSERT INTO ${this.tables.attempts} (${columns})`, rows });
  }

  private updateDeliveries(held: readonly DeliveryRecord[]): SqlStatement | undefined {
    if (held.length === 0) return undefined;
    const input = unionOf(['id', ...RECORD_COLUMNS], held.length);
    const assignments = RECORD_COLUMNS.map((name) => `d.${name} = i.${name}`).join(', ');
    return {
      sql: `UPDATE ${this.tables.deliveries} d ${BY_ID} JOIN (${input}) i ON i.id = d.id SET d.lease_token = NULL, ${assignments}`,
      params: held.flatMap((record) => [record.deliveryId, ...deliveryValues(record)]),
    };
  }

  private countAttempts(held: readonly DeliveryRecord[]): SqlStatement | undefined {
    const rows = attemptCounts(held, this.writer);
    if (rows.length === 0) return undefined;
    // MySQL warns of VALUES(attempts), and MariaDB has no alias for the new row.
    return {
      sql: `INSERT INTO ${this.tables.stats} (${COUNT_COLUMNS.join(', ')})
        SELECT * FROM (${unionOf(COUNT_COLUMNS, rows.length)}) i
        ON DUPLICATE KEY UPDATE attempts = ${this.tables.stats}.attempts + i.attempts`,
      params: rows.flat(),
    };
  }
}

function newDelivery(id: string, row: SqlRow, lease: Lease | null): unknown[] {
  const dueAt = lease?.expiresAt ?? Number(row.created_at);
  return [
    id,
    row.event_id,
    row.endpoint_id,
    row.tenant,
    row.type,
    'pending',
    0,
    0,
    dueAt,
    lease?.token ?? null,
    false,
    false,
    row.created_at,
  ];
}

/** The matched endpoints per event; an event that no endpoint wants has none. */
function byEvent(matched: readonly SqlRow[]): Map<string, SqlRow[]> {
  const events = new Map<string, SqlRow[]>();
  for (const row of matched) {
    const wanted = events.get(String(row.event_id)) ?? [];
    if (row.endpoint_id !== null) wanted.push(row);
    events.set(String(row.event_id), wanted);
  }
  return events;
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
const tuples = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => `(${marks(row)})`).join(', ');

/** A table of so many rows of parameters. */
function unionOf(columns: readonly string[], rows: number): string {
  const first = `SELECT ${columns.map((name) => `? AS ${name}`).join(', ')}`;
  const others = Array.from({ length: rows - 1 }, () => `SELECT ${marks(columns)}`);
  return [first, ...others].join(' UNION ALL ');
}
