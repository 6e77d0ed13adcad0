import { DELIVERY_ID_PARTS } from '../../domain/id.js';
import type {
  Claim,
  DeliveryRecord,
  DeliveryStatements,
  FanOutCounts,
  Lease,
  LeasedBatch,
  NewEvent,
} from './delivery-statements.js';
import {
  ATTEMPT_COLUMNS,
  NEW_DELIVERY_COLUMNS,
  RECORD_COLUMNS,
  allIds,
  attemptValues,
  deliveryValues,
  findByKeyStatement,
  loadStatement,
} from './rows.js';
import type { SqlResult, SqlStatement, SqlStep } from './sql-executor.js';
import type { TableNames } from './table-names.js';

const { eventPart, rankPart } = DELIVERY_ID_PARTS;

const RECORD_TYPES = ['text', 'int', 'int', 'bigint', 'bigint', 'boolean', 'int', 'text', 'bigint'];
const ATTEMPT_TYPES = ['text', 'int', 'text', 'bigint', 'int', 'int', 'text', 'text', 'text', 'text', 'text'];

/** PostgreSQL 15 and later: every step is one statement, and rows travel as one array per column. */
export class PostgresStatements implements DeliveryStatements {
  constructor(private readonly tables: TableNames) {}

  storeEvents(events: readonly NewEvent[], lease: Lease | null): SqlStep[] {
    const { endpoints, events: eventTable, deliveries } = this.tables;
    const sql = `WITH stored AS (
        INSERT INTO ${eventTable} (id, tenant, type, body, idempotency_key, created_at, test)
        SELECT *, false FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
        ON CONFLICT (tenant, idempotency_key) DO NOTHING
        RETURNING id, tenant, type, created_at
      ), fanned AS (
        INSERT INTO ${deliveries} (${NEW_DELIVERY_COLUMNS})
        SELECT 'dlv_' || substr(s.id, 5, ${eventPart})
            || lpad(to_hex(row_number() OVER (PARTITION BY s.id ORDER BY ep.id)), ${rankPart}, '0'),
          s.id, ep.id, s.tenant, s.type, 'pending', 0, 0, coalesce($7::bigint, s.created_at), $8::text,
          false, false, s.created_at
        FROM stored s JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND (
          strpos(ep.event_types, ' ' || s.type || ' ') > 0
          OR strpos(ep.event_types, ' ' || split_part(s.type, '.', 1) || '.* ') > 0
          OR strpos(ep.event_types, ' * ') > 0)
        RETURNING event_id
      )
      SELECT s.id, count(f.event_id) AS deliveries
      FROM stored s LEFT JOIN fanned f ON f.event_id = s.id GROUP BY s.id`;
    const columns = columnsOf(
      events.map((event) => [
        event.id,
        event.tenant,
        event.type,
        event.body,
        event.idempotencyKey,
        event.createdAt,
      ]),
      6,
    );
    return [{ sql, params: [...columns, lease?.expiresAt ?? null, lease?.token ?? null] }];
  }

  fanOutCounts([counted]: readonly SqlResult[]): FanOutCounts {
    return new Map(counted?.rows.map((row) => [String(row.id), Number(row.deliveries)]));
  }

  findByKey(event: NewEvent): SqlStatement {
    return findByKeyStatement(this.tables, event, ['$1', '$2']);
  }

  claimDue({ now, limit, newestFirst }: Claim, lease: Lease): SqlStep[] {
    const { deliveries } = this.tables;
    const sql = `WITH due AS MATERIALIZED (
        SELECT id FROM ${deliveries} WHERE status = 'pending' AND next_attempt_at <= $1
        ORDER BY next_attempt_at ${newestFirst ? 'DESC' : 'ASC'} LIMIT $2 FOR UPDATE SKIP LOCKED
      ), claimed AS (
        UPDATE ${deliveries} d SET lease_token = $3, next_attempt_at = $4
        FROM due WHERE d.id = due.id RETURNING d.id
      ) SELECT id FROM claimed`;
    return [{ sql, params: [now, limit, lease.token, lease.expiresAt] }];
  }

  load(batches: readonly LeasedBatch[]): SqlStep[] {
    const tokens = batches.map((batch) => batch.token);
    const where = 'd.id = ANY($1::text[]) AND d.lease_token = ANY($2::text[])';
    return [loadStatement(this.tables, where, [allIds(batches), tokens])];
  }

  record(records: readonly DeliveryRecord[]): SqlStep[] {
    const { deliveries, attempts } = this.tables;
    const attemptInputs = ATTEMPT_COLUMNS.map((column) => `attempt_${column}`);
    const types = ['text', 'text', ...RECORD_TYPES, ...ATTEMPT_TYPES];
    const sql = `WITH input AS (
        SELECT * FROM unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')})
        AS t(delivery_id, token, ${[...RECORD_COLUMNS, ...attemptInputs].join(', ')})
      ), held AS (
        UPDATE ${deliveries} d SET lease_token = NULL, ${RECORD_COLUMNS.map((name) => `${name} = i.${name}`).join(', ')}
        FROM input i WHERE d.id = i.delivery_id AND d.lease_token = i.token
        RETURNING d.id, d.endpoint_id, d.tenant
      ), attempted AS (
        INSERT INTO ${attempts} (delivery_id, endpoint_id, tenant, ${ATTEMPT_COLUMNS.join(', ')})
        SELECT h.id, h.endpoint_id, h.tenant, ${attemptInputs.map((name) => `i.${name}`).join(', ')}
        FROM input i JOIN held h ON h.id = i.delivery_id WHERE i.attempt_id IS NOT NULL
      ) SELECT id FROM held`;
    const rows = records.map((record) => [
      record.deliveryId,
      record.token,
      ...deliveryValues(record),
      ...(record.attempt ? attemptValues(record.attempt) : ATTEMPT_COLUMNS.map(() => null)),
    ]);
    return [{ sql, params: columnsOf(rows, types.length) }];
  }

  recordedIds([held]: readonly SqlResult[]): string[] {
    return held?.rows.map((row) => String(row.id)) ?? [];
  }
}

const columnsOf = (rows: readonly (readonly unknown[])[], width: number): unknown[][] =>
  Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
