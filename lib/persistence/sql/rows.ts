import type {
  DeliveryRecord,
  LeasedBatch,
  LoadedDelivery,
  LoadedEndpoint,
  NewAttempt,
  NewEvent,
} from './delivery-statements.js';
import type { SqlRow, SqlStatement } from './sql-executor.js';
import type { TableNames } from './table-names.js';

/** The columns that fan-out writes, in order; `single` and `test` are false, the counts 0. */
export const NEW_DELIVERY_COLUMNS =
  'id, event_id, endpoint_id, tenant, event_type, status, attempt_count, schedule_attempts, next_attempt_at, lease_token, single, test, created_at';

/** What a record changes on the delivery; the order of `deliveryValues`. */
export const RECORD_COLUMNS = [
  'status',
  'attempt_count',
  'schedule_attempts',
  'first_attempt_at',
  'next_attempt_at',
  'single',
  'status_code',
  'error_code',
  'completed_at',
] as const;

export const deliveryValues = (record: DeliveryRecord): unknown[] => [
  record.status,
  record.attemptCount,
  record.scheduleAttempts,
  record.firstAttemptAt,
  record.nextAttemptAt,
  record.single,
  record.statusCode,
  record.errorCode,
  record.completedAt,
];

/** An attempt's own columns; the order of `attemptValues`. Those of its delivery come before them. */
export const ATTEMPT_COLUMNS = [
  'id',
  'number',
  'outcome',
  'started_at',
  'duration_ms',
  'status_code',
  'error_code',
  'error_message',
  'request_headers',
  'response_headers',
  'response_body',
] as const;

export const attemptValues = (attempt: NewAttempt): unknown[] => [
  attempt.id,
  attempt.number,
  attempt.outcome,
  attempt.startedAt,
  attempt.durationMs,
  attempt.statusCode,
  attempt.errorCode,
  attempt.errorMessage,
  attempt.requestHeaders,
  attempt.responseHeaders,
  attempt.responseBody,
];

/** What `loadedEndpoint` reads. */
export const ENDPOINT_COLUMNS = ['url', 'headers', 'secrets', 'active', 'rate_limit', 'failing_since'];

/** The load of leased deliveries; `ids` is the database's own way to say "one of these". */
export function loadStatement(tables: TableNames, where: string, params: unknown[]): SqlStatement {
  return {
    sql: `SELECT d.id, d.lease_token, d.next_attempt_at, d.event_id, d.event_type, d.tenant, e.body,
        d.attempt_count, d.schedule_attempts, d.first_attempt_at, d.single, d.test,
        d.status_code, d.error_code, d.endpoint_id, ${ENDPOINT_COLUMNS.map((column) => `ep.${column}`).join(', ')}
      FROM ${tables.deliveries} d
      JOIN ${tables.events} e ON e.id = d.event_id
      LEFT JOIN ${tables.endpoints} ep ON ep.id = d.endpoint_id
      WHERE ${where}`,
    params,
  };
}

/** `oneOf` is the database's own way to say "one of these". */
export const loadEndpointsStatement = (
  tables: TableNames,
  oneOf: string,
  params: unknown[],
): SqlStatement => ({
  sql: `SELECT id, ${ENDPOINT_COLUMNS.join(', ')} FROM ${tables.endpoints} WHERE id ${oneOf}`,
  params,
});

export const allIds = (batches: readonly LeasedBatch[]): string[] =>
  batches.flatMap((batch) => [...batch.deliveryIds]);

export function loadedDelivery(row: SqlRow): LoadedDelivery {
  return {
    id: String(row.id),
    token: String(row.lease_token),
    leaseExpiresAt: Number(row.next_attempt_at),
    eventId: String(row.event_id),
    eventType: String(row.event_type),
    tenant: String(row.tenant),
    body: String(row.body),
    attemptCount: Number(row.attempt_count),
    scheduleAttempts: Number(row.schedule_attempts),
    firstAttemptAt: numberOrNull(row.first_attempt_at),
    single: Boolean(row.single),
    test: Boolean(row.test),
    statusCode: numberOrNull(row.status_code),
    errorCode: row.error_code === null ? null : String(row.error_code),
    endpointId: String(row.endpoint_id),
    endpoint: row.url === null ? null : loadedEndpoint(row),
    endpointSeenAt: 0,
  };
}

export function loadedEndpoint(row: SqlRow): LoadedEndpoint {
  return {
    url: String(row.url),
    headers: parsedHeaders(String(row.headers)),
    secrets: String(row.secrets),
    active: Boolean(row.active),
    rateLimit: numberOrNull(row.rate_limit),
    failingSince: numberOrNull(row.failing_since),
  };
}

/** A row that somebody broke must not keep those that are loaded with it from being sent. */
function parsedHeaders(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

export const countDueStatement = (tables: TableNames, mark: string, now: number): SqlStatement => ({
  sql: `SELECT count(*) AS due FROM ${tables.deliveries} WHERE status = 'pending' AND next_attempt_at <= ${mark}`,
  params: [now],
});

/** Finds an event by its idempotency key; `marks` are the database's two placeholders. */
export function findByKeyStatement(
  tables: TableNames,
  event: NewEvent,
  marks: readonly [string, string],
  lock = '',
): SqlStatement {
  return {
    sql: `SELECT id, type, body, created_at FROM ${tables.events}
      WHERE tenant = ${marks[0]} AND idempotency_key = ${marks[1]} ${lock}`,
    params: [event.tenant, event.idempotencyKey],
  };
}
