import type { LoadedDelivery, LoadedEndpoint } from '../../domain/delivery.js';
import { LOADED_COLUMNS, type LoadedColumn } from './delivery-columns.js';
import type { SqlRow } from './sql-executor.js';
import type { TableNames } from './table-names.js';

/** What `loadedEndpoint` reads. */
export const ENDPOINT_COLUMNS = [
  'url',
  'headers',
  'secrets',
  'active',
  'rate_limit',
  'concurrency',
  'failing_since',
  'representation',
  'version',
  'failing_told_at',
  'deferred_until',
  'authorization_secret',
  'certificate_secret',
] as const;

/** A row of `loadedFrom`. */
type LoadedRow = Readonly<
  Record<LoadedColumn | 'body' | 'traceparent' | 'event_version' | (typeof ENDPOINT_COLUMNS)[number], unknown>
>;

/** Everything that is needed to send the deliveries of `source`: a table, or rows of `LOADED_COLUMNS`. */
export const loadedFrom = (tables: TableNames, source: string): string =>
  `SELECT ${LOADED_COLUMNS.map((column) => `d.${column}`).join(', ')}, e.body, e.traceparent, e.version AS event_version,
      ${ENDPOINT_COLUMNS.map((column) => `ep.${column}`).join(', ')}
    FROM ${source} d
    JOIN ${tables.events} e ON e.id = d.event_id
    LEFT JOIN ${tables.endpoints} ep ON ep.id = d.endpoint_id`;

/** Written out: a loop over the columns would take five times as long, for every delivery. */
export function loadedDelivery(given: SqlRow): LoadedDelivery {
  const row = given as LoadedRow;
  return {
    id: String(row.id),
    token: String(row.lease_token),
    leaseExpiresAt: Number(row.next_attempt_at),
    eventId: String(row.event_id),
    eventType: String(row.event_type),
    tenant: String(row.tenant),
    body: String(row.body),
    frozenBody: textOrNull(row.frozen_body),
    eventVersion: textOrNull(row.event_version),
    traceparent: textOrNull(row.traceparent),
    attemptCount: Number(row.attempt_count),
    scheduleAttempts: Number(row.schedule_attempts),
    firstAttemptAt: numberOrNull(row.first_attempt_at),
    single: Boolean(row.single),
    test: Boolean(row.test),
    statusCode: numberOrNull(row.status_code),
    errorCode: textOrNull(row.error_code),
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
    representation: textOrNull(row.representation),
    version: textOrNull(row.version),
    failingToldAt: numberOrNull(row.failing_told_at),
    deferredUntil: numberOrNull(row.deferred_until),
    authorization: textOrNull(row.authorization_secret),
    clientCertificate: textOrNull(row.certificate_secret),
  };
}

/** A broken row must not keep the others that are loaded with it from being sent. */
function parsedHeaders(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value as string);
const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);
