import type { HeldEvent } from '../../domain/lease.js';
import type { NewEvent } from '../../domain/delivery.js';
import { ENDPOINT_COLUMNS } from './loaded-delivery.js';
import type { SqlStatement } from './sql-executor.js';
import type { TableNames } from './table-names.js';

/** `oneOf` is how this database writes "one of these". */
export const loadEndpointsStatement = (
  tables: TableNames,
  oneOf: string,
  params: unknown[],
): SqlStatement => ({
  sql: `SELECT id, ${ENDPOINT_COLUMNS.join(', ')} FROM ${tables.endpoints} WHERE id ${oneOf}`,
  params,
});

/** The statement finds too many pairs of event and token; the caller compares them. */
export const idsAndTokens = (held: readonly HeldEvent[]): [eventIds: string[], tokens: string[]] => [
  held.map(({ eventId }) => eventId),
  held.map(({ token }) => token),
];

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
