import { DELIVERY_ID_PARTS, deliveryPlaceOf } from '../../domain/id.js';
import { COUNT_COLUMNS, COUNT_KEY, attemptCounts } from './attempt-counts.js';
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
import type { RepeatedStatement, SqlResult, SqlStatement, SqlStep } from './sql-executor.js';
import type { TableNames } from './table-names.js';

const { eventPart, rankPart } = DELIVERY_ID_PARTS;

/** SQLite, which is in this process: what writes whole rows runs once for each, what only needs ids takes one JSON text. */
export class SqliteStatements implements DeliveryStatements {
  constructor(
    private readonly tables: TableNames,
    private readonly writer: number,
  ) {}

  storeEvents(events: readonly NewEvent[], lease: Lease | null): SqlStep[] {
    const { endpoints, events: eventTable, deliveries } = this.tables;
    const paramsOfEach = events.map((event) => [
      event.id,
      event.tenant,
      event.type,
      event.body,
      event.idempotencyKey,
      event.createdAt,
    ]);
    const store = `INSERT INTO ${eventTable} (id, tenant, type, body, idempotency_key, created_at, test)
      VALUES (${marks(6)}, 0) ON CONFLICT (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id`;
    const fanOut = `INSERT INTO ${deliveries} (${NEW_DELIVERY_COLUMNS})
      SELECT 'dlv_' || substr(s.id, 5, ${eventPart})
          || printf('%0${rankPart}x', row_number() OVER (PARTITION BY s.id ORDER BY ep.id)),
        s.id, ep.id, s.tenant, s.type, 'pending', 0, 0, coalesce(?, s.created_at), ?, 0, 0, s.created_at
      FROM json_each(?) i
      JOIN ${eventTable} s ON s.id = i.value
      JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND (
        instr(ep.event_types, ' ' || s.type || ' ') > 0
        OR instr(ep.event_types, ' ' || substr(s.type, 1, instr(s.type, '.')) || '* ') > 0
        OR instr(ep.event_types, ' * ') > 0)
      WHERE true RETURNING id, event_id, endpoint_id`;
    return [
      { sql: store, paramsOfEach },
      ([stored]) => {
        const ids = stored!.rows.map((row) => row.id);
        const params = [lease?.expiresAt ?? null, lease?.token ?? null, JSON.stringify(ids)];
        return { sql: fanOut, params };
      },
    ];
  }

  fannedOut([stored, fanned]: readonly SqlResult[]): FanOut {
    const endpointIds = new Map<string, string[]>(stored!.rows.map((row) => [String(row.id), []]));
    // `RETURNING` promises no order.
    for (const { id, event_id: eventId, endpoint_id: endpointId } of fanned!.rows) {
      endpointIds.get(String(eventId))![deliveryPlaceOf(String(id)).place] = String(endpointId);
    }
    return { endpointIds, endpoints: new Map() };
  }

  findByKey(event: NewEvent): SqlStatement {
    return findByKeyStatement(this.tables, event, ['?', '?']);
  }

  claimDue({ now, limit, newestFirst }: Claim, lease: Lease): SqlStep[] {
    const { deliveries } = this.tables;
    const sql = `UPDATE ${deliveries} SET lease_token = ?, next_attempt_at = ?
      WHERE id IN (SELECT id FROM ${deliveries} WHERE status = 'pending' AND next_attempt_at <= ?
        ORDER BY next_attempt_at ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?) RETURNING id`;
    return [{ sql, params: [lease.token, lease.expiresAt, now, limit] }];
  }

  release({ token, deliveryIds }: LeasedBatch, now: number): SqlStep[] {
    const sql = `UPDATE ${this.tables.deliveries} SET lease_token = NULL, next_attempt_at = ?
      WHERE id IN (SELECT value FROM json_each(?)) AND lease_token = ?`;
    return [{ sql, params: [now, JSON.stringify(deliveryIds), token] }];
  }

  countDue(now: number): SqlStatement {
    return countDueStatement(this.tables, '?', now);
  }

  postpone({ endpointId, now, from, spanMs, limit }: Postponement): SqlStep[] {
    const { deliveries } = this.tables;
    // With the plus, no index is used for the endpoint: it would read the endpoint's whole log.
    const sql = `UPDATE ${deliveries} SET lease_token = NULL, next_attempt_at = ? + abs(random() % ?)
      WHERE id IN (SELECT id FROM ${deliveries} WHERE status = 'pending' AND next_attempt_at <= ?
        AND +endpoint_id = ? ORDER BY next_attempt_at LIMIT ?)`;
    return [{ sql, params: [from, spanMs, now, endpointId, limit] }];
  }

  load(batches: readonly LeasedBatch[]): SqlStep[] {
    const tokens = batches.map((batch) => batch.token);
    const where =
      'd.id IN (SELECT value FROM json_each(?)) AND d.lease_token IN (SELECT value FROM json_each(?))';
    return [loadStatement(this.tables, where, [JSON.stringify(allIds(batches)), JSON.stringify(tokens)])];
  }

  loadEndpoints(ids: readonly string[]): SqlStatement {
    return loadEndpointsStatement(this.tables, 'IN (SELECT value FROM json_each(?))', [JSON.stringify(ids)]);
  }

  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[] {
    const { deliveries, attempts } = this.tables;
    const assignments = RECORD_COLUMNS.map((name) => `${name} = ?`);
    const update = `UPDATE ${deliveries} SET lease_token = NULL, ${assignments.join(', ')}
      WHERE id = ? AND lease_token = ? RETURNING id`;
    const insert = `INSERT INTO ${attempts} (delivery_id, endpoint_id, tenant, ${ATTEMPT_COLUMNS.join(', ')})
      VALUES (${marks(3 + ATTEMPT_COLUMNS.length)})`;
    const held = (results: readonly SqlResult[]): DeliveryRecord[] => {
      const ids = new Set(this.recordedIds(results));
      return records.filter(({ deliveryId }) => ids.has(deliveryId));
    };
    return [
      {
        sql: update,
        paramsOfEach: records.map((record) => [...deliveryValues(record), record.deliveryId, record.token]),
      },
      (results) =>
        parts === 'state' ? undefined : { sql: insert, paramsOfEach: held(results).flatMap(attemptRow) },
      (results) => (parts === 'all' ? this.countAttempts(held(results)) : undefined),
    ];
  }

  recordedIds([updated]: readonly SqlResult[]): string[] {
    return updated!.rows.map((row) => String(row.id));
  }

  private countAttempts(records: readonly DeliveryRecord[]): RepeatedStatement {
    const rows = attemptCounts(records, this.writer);
    const sql = `INSERT INTO ${this.tables.stats} AS s (${COUNT_COLUMNS.join(', ')})
      VALUES (${marks(COUNT_COLUMNS.length)})
      ON CONFLICT (${COUNT_KEY.join(', ')}) DO UPDATE SET attempts = s.attempts + excluded.attempts`;
    return { sql, paramsOfEach: rows };
  }
}

function attemptRow({ deliveryId, endpointId, tenant, attempt }: DeliveryRecord): unknown[][] {
  return attempt ? [[deliveryId, endpointId, tenant, ...attemptValues(attempt)]] : [];
}

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
