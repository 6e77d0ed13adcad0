import { ID_NUMBER, ID_TIME, ID_TIME_DIGITS } from '../../domain/id.js';
import { insertDeliveriesOf } from './delivery-columns.js';
import type { SqlStatement } from './sql-executor.js';
import type { WebhooksDatabase } from './webhooks-database.js';

/** A recovery sends this many deliveries, then pauses for `PACE_MS`. */
const PACE_SIZE = 100;
const PACE_MS = 2_000;

/** When the row after `ahead` others is due, counted from the parameter `now`. */
export const pacedAt = (order: string, ahead: number): string =>
  `:now + FLOOR((${ahead} + ROW_NUMBER() OVER (ORDER BY ${order}) - 1) / ${PACE_SIZE}) * ${PACE_MS}`;

const NUMBERS = 10 ** ID_NUMBER.length;

/**
 * An id for each row from the parameter `idTemplate`, as old as the event with the id `eventId`: digits with leading
 * zeros. MySQL converts the number to text: a CAST would have the connection's collation, which may clash with the
 * id's.
 */
export function numberedId({ isMysql }: WebhooksDatabase, eventId: string): string {
  const number = `${NUMBERS} + ROW_NUMBER() OVER (ORDER BY ${eventId})`;
  const digits = isMysql ? number : `CAST(${number} AS CHAR(${ID_NUMBER.length + 1}))`;
  return `REPLACE(REPLACE(:idTemplate, '${ID_TIME}', SUBSTR(${eventId}, 5, ${ID_TIME_DIGITS})), '${ID_NUMBER}', SUBSTR(${digits}, 2))`;
}

/** Starts final deliveries again. `paced` selects their `id`, and `due_at`. */
export function restartStatement({ tables, isMysql }: WebhooksDatabase, paced: SqlStatement): SqlStatement {
  const set = `status = 'pending', schedule_attempts = 0, first_attempt_at = NULL, completed_at = NULL,
    single = false, next_attempt_at = paced.due_at`;
  // Another recovery, or a resend, may have been faster.
  const isFinal = `d.status IN ('failed', 'canceled')`;
  const sql = isMysql
    ? `UPDATE ${tables.deliveries} d JOIN (${paced.sql}) paced ON paced.id = d.id SET ${set} WHERE ${isFinal}`
    : `UPDATE ${tables.deliveries} AS d SET ${set} FROM (${paced.sql}) paced WHERE d.id = paced.id AND ${isFinal}`;
  return { sql, params: paced.params };
}

/**
 * Makes deliveries that were never attempted. `missing` selects the columns in which they differ: see
 * `insertDeliveriesOf`.
 */
export function createStatement({ tables, isMysql }: WebhooksDatabase, missing: SqlStatement): SqlStatement {
  // A fan-out, or another recovery, may have been faster.
  const keep = isMysql
    ? `ON DUPLICATE KEY UPDATE id = ${tables.deliveries}.id`
    : 'ON CONFLICT (event_id, endpoint_id) DO NOTHING';
  return {
    sql: `${insertDeliveriesOf(tables, missing.sql)} ${keep}`,
    params: missing.params,
  };
}
