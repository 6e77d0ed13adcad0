import type { NewEvent } from '../../domain/delivery.js';
import { EPOCH_MS, FLAG, ID, LONG_TEXT, nullable, varchar, type Column } from './column.js';

/** An event's columns. The tables and inserts of all databases are made from this list. An emitted event is no test. */
export const EVENT_COLUMNS: readonly Column<NewEvent>[] = [
  { name: 'id', type: ID, value: (event) => event.id },
  { name: 'tenant', type: varchar(255), value: (event) => event.tenant },
  { name: 'type', type: varchar(128), value: (event) => event.type },
  { name: 'body', type: LONG_TEXT, value: (event) => event.body },
  { name: 'idempotency_key', type: nullable(varchar(255)), value: (event) => event.idempotencyKey },
  { name: 'test', type: FLAG, value: () => false },
  { name: 'traceparent', type: nullable(varchar(55)), value: (event) => event.traceparent },
  { name: 'version', type: nullable(varchar(10)), value: (event) => event.version },
  { name: 'created_at', type: EPOCH_MS, value: (event) => event.createdAt },
];
