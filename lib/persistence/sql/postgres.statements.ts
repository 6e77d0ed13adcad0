import { DELIVERY_ID_PARTS } from '../../domain/id.js';
import { COUNT_COLUMNS, COUNT_KEY, countedAs } from './attempt-counts.js';
import type {
  Claim,
  DeliveryRecord,
  DeliveryStatements,
  FanOut,
  Lease,
  LeasedBatch,
  LoadedEndpoint,
  NewEvent,
  Postponement,
  RecordParts,
} from './delivery-statements.js';
import {
  ATTEMPT_COLUMNS,
  ENDPOINT_COLUMNS,
  NEW_DELIVERY_COLUMNS,
  RECORD_COLUMNS,
  allIds,
  attemptValues,
  countDueStatement,
  deliveryValues,
  findByKeyStatement,
  loadEndpointsStatement,
  loadStatement,
  loadedEndpoint,
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

  storeEvents(events: readonly NewEvent[], lease: Lease | null, withEndpoints: boolean): SqlStep[] {
    const { endpoints, events: eventTable, deliveries } = this.tables;
    const sql = `WITH stored AS (
        INSERT INTO ${eventTable} (id, tenant, type, body, idempotency_key, created_at, test)
        SELECT *, false FROM ${unnested(EVENT_TYPES)}
        ON CONFLICT (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
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
        RETURNING id, event_id, endpoint_id
      )
      SELECT s.id, string_agg(f.endpoint_id, ' ' ORDER BY f.id) AS endpoint_ids${withEndpoints ? `, ${NO_ENDPOINT}` : ''}
      FROM stored s LEFT JOIN fanned f ON f.event_id = s.id GROUP BY s.id
      ${withEndpoints ? this.endpointsOf('fanned') : ''}`;
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
    return [{ sql, params: [...columns, lease?.expiresAt ?? null, lease?.token ?? null], prepared: true }];
  }

  fannedOut([stored]: readonly SqlResult[]): FanOut {
    const endpointIds = new Map<string, string[]>();
    const endpoints = new Map<string, LoadedEndpoint>();
    for (const row of stored!.rows) {
      const { id, endpoint_ids: ids } = row;
      if (row.url) endpoints.set(String(id), loadedEndpoint(row));
      else endpointIds.set(String(id), ids === null ? [] : String(ids).split(' '));
    }
    return { endpointIds, endpoints };
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
    return [{ sql, params: [now, limit, lease.token, lease.expiresAt], prepared: true }];
  }

  release({ token, deliveryIds }: LeasedBatch, now: number): SqlStep[] {
    const sql = `UPDATE ${this.tables.deliveries} SET lease_token = NULL, next_attempt_at = $1
      WHERE id = ${anyOf('$2')} AND lease_token = $3`;
    return [{ sql, params: [now, deliveryIds, token] }];
  }

  countDue(now: number): SqlStatement {
    return countDueStatement(this.tables, '$1', now);
  }

  postpone({ endpointId, now, from, spanMs, limit }: Postponement): SqlStep[] {
    const { deliveries } = this.tables;
    const sql = `UPDATE ${deliveries} SET lease_token = NULL, next_attempt_at = $4 + floor(random() * $5::bigint)::bigint
      WHERE id = ANY (ARRAY(
        SELECT id FROM ${deliveries} WHERE status = 'pending' AND next_attempt_at <= $1 AND endpoint_id = $2
        ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED))`;
    return [{ sql, params: [now, endpointId, limit, from, spanMs] }];
  }

  load(batches: readonly LeasedBatch[]): SqlStep[] {
    const tokens = batches.map((batch) => batch.token);
    const where = `d.id = ${anyOf('$1')} AND d.lease_token = ANY($2::text[])`;
    return [{ ...loadStatement(this.tables, where, [allIds(batches), tokens]), prepared: true }];
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

  /** The same snapshot has them as the fan-out saw them. */
  private endpointsOf(fanned: string): string {
    return `UNION ALL (SELECT id, NULL, ${ENDPOINT_COLUMNS.join(', ')} FROM ${this.tables.endpoints}
      WHERE id IN (SELECT endpoint_id FROM ${fanned}) LIMIT ${MOST_ENDPOINTS})`;
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
