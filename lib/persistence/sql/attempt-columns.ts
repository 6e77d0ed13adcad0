import type { DeliveryRecord, NewAttempt } from '../../domain/delivery.js';
import { EPOCH_MS, ID, INT, LONG_TEXT, TEXT, nullable, valuesOf, varchar, type Column } from './column.js';

/** The columns of an attempt that come from its delivery. */
export const ATTEMPTED_COLUMNS: readonly Column<DeliveryRecord>[] = [
  { name: 'delivery_id', type: ID, value: (record) => record.deliveryId },
  { name: 'endpoint_id', type: ID, value: (record) => record.endpointId },
  { name: 'tenant', type: varchar(255), value: (record) => record.tenant },
];

/** An attempt's own columns. The tables and records of all databases are made from this list. */
export const ATTEMPT_COLUMNS: readonly Column<NewAttempt>[] = [
  { name: 'id', type: ID, value: (attempt) => attempt.id },
  { name: 'number', type: INT, value: (attempt) => attempt.number },
  { name: 'outcome', type: varchar(16), value: (attempt) => attempt.outcome },
  { name: 'started_at', type: EPOCH_MS, value: (attempt) => attempt.startedAt },
  { name: 'duration_ms', type: INT, value: (attempt) => attempt.durationMs },
  { name: 'status_code', type: nullable(INT), value: (attempt) => attempt.statusCode },
  { name: 'error_code', type: nullable(varchar(32)), value: (attempt) => attempt.errorCode },
  { name: 'error_message', type: nullable(varchar(500)), value: (attempt) => attempt.errorMessage },
  { name: 'request_headers', type: TEXT, value: (attempt) => attempt.requestHeaders },
  { name: 'response_headers', type: nullable(TEXT), value: (attempt) => attempt.responseHeaders },
  { name: 'response_body', type: nullable(LONG_TEXT), value: (attempt) => attempt.responseBody },
];

/** Rows of `ATTEMPTED_COLUMNS` and `ATTEMPT_COLUMNS`, for the records that have an attempt. */
export const attemptRows = (records: readonly DeliveryRecord[]): unknown[][] =>
  records.flatMap((record) =>
    record.attempt
      ? [[...valuesOf(ATTEMPTED_COLUMNS, record), ...valuesOf(ATTEMPT_COLUMNS, record.attempt)]]
      : [],
  );
