import type {
  DeliveryRecord,
  LoadedDelivery,
  LoadedEndpoint,
  NewAttempt,
  NewEvent,
} from '../../domain/delivery.js';
import type { HeldEvent } from './delivery-statements.js';
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
export const ENDPOINT_COLUMNS = [
  'url',
  'headers',
  'secrets',
  'active',
  'rate_limit',
  'concurrency',
  'failing_since',
];

/** What `loadedDelivery` reads of the delivery's own row. */
export const LEASED_COLUMNS = [
  'id',
  'lease_token',
  'next_attempt_at',
  'event_id',
  'event_type',
  'tenant',
  'attempt_count',
  'schedule_attempts',
  'first_attempt_at',
  'single',
  'test',
  'status_code',
  'error_code',
  'endpoint_id',
] as const;

/** What sending the deliveries of `source` takes: a table, or rows of `LEASED_COLUMNS`. */
export const loadedFrom = (tables: TableNames, source: string): string =>
  `SELECT ${LEASED_COLUMNS.map((column) => `d.${column}`).join(', ')}, e.body,
      ${ENDPOINT_COLUMNS.map((column) => `ep.${column}`).join(', ')}
    FROM ${source} d
    JOIN ${tables.events} e ON e.id = d.event_id
    LEFT JOIN ${tables.endpoints} ep ON ep.id = d.endpoint_id`;

/** `oneOf` is the database's own way to say "one of these". */
export const loadEndpointsStatement = (
  tables: TableNames,
  oneOf: string,
  params: unknown[],
): SqlStatement => ({
  sql: `SELECT id, ${ENDPOINT_COLUMNS.join(', ')} FROM ${tables.endpoints} WHERE id ${oneOf}`,
  params,
});

/** The caller compares the pairs of event and token. */
export const idsAndTokens = (held: readonly HeldEvent[]): [eventIds: string[], tokens: string[]] => [
  held.map(({ eventId }) => eventId),
  held.map(({ token }) => token),
];

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
    endpoint: row.url === null ? 'deleted' : loadedEndpoint(row),
  };
}

export function loadedEndpoint(row: SqlRow): LoadedEndpoint {
  return {
    url: String(row.url),
    headers: parsedHeaders(String(row.headers)),
    secrets: String(row.secrets),
    active: Boolean(row.active),
    rateLimit: numberOrNull(row.rate_limit),
    concurrency: numberOrNull(row.concurrency),
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
