import type { DeliveryRecord } from '../../domain/delivery.js';
import {
  EPOCH_MS,
  FLAG,
  ID,
  INT,
  LONG_TEXT,
  namesOf,
  nullable,
  propertyOf,
  varchar,
  type Column,
  type ColumnType,
} from './column.js';
import type { SqlRow } from './sql-executor.js';
import type { TableNames } from './table-names.js';

/** The row that an insert is made from has the value, under the column's own name. */
const GIVEN = Symbol('given');

interface DeliveryColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The value of a new delivery. Default: NULL. */
  readonly initial?: typeof GIVEN | string | number | boolean;
  /** Whether sending needs it: see `loadedDelivery`. */
  readonly loaded?: true;
  /** What a record writes. Default: the column keeps its value. */
  readonly value?: (record: DeliveryRecord) => unknown;
}

/** A delivery's columns, in one place: tables, inserts, claims and records of all databases are made of it. */
// prettier-ignore
export const DELIVERY_COLUMNS = [
  { name: 'id', type: ID, initial: GIVEN, loaded: true },
  { name: 'event_id', type: ID, initial: GIVEN, loaded: true },
  { name: 'endpoint_id', type: ID, initial: GIVEN, loaded: true },
  { name: 'tenant', type: varchar(255), initial: GIVEN, loaded: true },
  { name: 'event_type', type: varchar(128), initial: GIVEN, loaded: true },
  { name: 'status', type: varchar(16), initial: 'pending', value: (record) => record.status },
  { name: 'attempt_count', type: INT, initial: 0, loaded: true, value: (record) => record.attemptCount },
  { name: 'schedule_attempts', type: INT, initial: 0, loaded: true, value: (record) => record.scheduleAttempts },
  { name: 'first_attempt_at', type: nullable(EPOCH_MS), loaded: true, value: (record) => record.firstAttemptAt },
  { name: 'next_attempt_at', type: nullable(EPOCH_MS), initial: GIVEN, loaded: true, value: (record) => record.nextAttemptAt },
  { name: 'lease_token', type: nullable(ID), initial: GIVEN, loaded: true },
  { name: 'single', type: FLAG, initial: false, loaded: true, value: (record) => record.single },
  { name: 'test', type: FLAG, initial: false, loaded: true },
  { name: 'status_code', type: nullable(INT), loaded: true, value: (record) => record.statusCode },
  { name: 'error_code', type: nullable(varchar(32)), loaded: true, value: (record) => record.errorCode },
  { name: 'frozen_body', type: nullable(LONG_TEXT), loaded: true },
  { name: 'created_at', type: EPOCH_MS, initial: GIVEN },
  { name: 'completed_at', type: nullable(EPOCH_MS), value: (record) => record.completedAt },
] as const satisfies readonly DeliveryColumn[];

const COLUMNS: readonly DeliveryColumn[] = DELIVERY_COLUMNS;

/** What a record writes, besides giving the lease back. */
export const RECORDED_COLUMNS: readonly Column<DeliveryRecord>[] = COLUMNS.flatMap(({ name, type, value }) =>
  value ? [{ name, type, value }] : [],
);

/** Without the body: a page of bodies would have megabytes. */
export const LOGGED_COLUMNS = COLUMNS.filter(({ name }) => name !== 'frozen_body');

export const LOADED_COLUMNS = COLUMNS.filter(({ loaded }) => loaded).map(({ name }) => name);
export type LoadedColumn = Extract<(typeof DELIVERY_COLUMNS)[number], { loaded: true }>['name'];

const NEW_COLUMNS = COLUMNS.filter(({ initial }) => initial !== undefined);

/** Before the values of `newDeliveryRow`. */
export const insertDeliveries = ({ deliveries }: TableNames): string =>
  `INSERT INTO ${deliveries} (${namesOf(NEW_COLUMNS)})`;

/** @param row with the columns that are given: id, event_id, endpoint_id, tenant, event_type, next_attempt_at, lease_token, created_at */
export const newDeliveryRow = (row: SqlRow): unknown[] =>
  NEW_COLUMNS.map(({ name, initial }) => (initial === GIVEN ? row[name] : initial));

/** Inserts a delivery for each row that `source` selects, with the columns of `newDeliveryRow`. */
export function insertDeliveriesOf(tables: TableNames, source: string): string {
  const values = NEW_COLUMNS.map(({ name, initial }) => (initial === GIVEN ? `n.${name}` : literal(initial)));
  // Without a WHERE, SQLite would read the following ON as part of a join.
  return `${insertDeliveries(tables)} SELECT ${values.join(', ')} FROM (${source}) n WHERE true`;
}

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));

/** The values of a new delivery that are not given, by the entity's properties. */
export const INITIAL_DELIVERY: object = Object.fromEntries(
  NEW_COLUMNS.filter(({ initial }) => initial !== GIVEN).map(({ name, initial }) => [
    propertyOf(name),
    initial,
  ]),
);
