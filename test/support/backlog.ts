import type { DataSource } from 'typeorm';
import { newId } from '../../lib/domain/id.js';

export interface Backlog {
  readonly endpointId: string;
  readonly tenant: string;
  readonly count: number;
  /** Epoch ms: the time at which all events were emitted, and are due. */
  readonly at: number;
  /** `pending` deliveries are due at once; `missed` stands for events without a delivery. */
  readonly as: 'pending' | 'failed' | 'missed';
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ');

/** Stores a backlog of up to 100,000 in two statements, on any database. */
export async function storeBacklog(
  dataSource: DataSource,
  { endpointId, tenant, count, at, as }: Backlog,
): Promise<void> {
  const stem = newId('evt', at).slice(4, -8);
  const id = (prefix: string): string =>
    `REPLACE('${prefix}_${stem}########', '########', SUBSTR(CAST(100000000 + n AS CHAR(9)), 2))`;
  const numbers = `(SELECT ones.d + 10 * tens.d + 100 * hundreds.d + 1000 * thousands.d + 10000 * rest.d AS n
    FROM (${DIGITS}) ones, (${DIGITS}) tens, (${DIGITS}) hundreds, (${DIGITS}) thousands, (${DIGITS}) rest) numbers
    WHERE n < ${count}`;
  await dataSource.query(`INSERT INTO webhook_events (id, tenant, type, body, created_at, test)
    SELECT ${id('evt')}, '${tenant}', 'post.published', '{}', ${at}, false FROM ${numbers}`);
  if (as === 'missed') return;
  const dueAt = as === 'pending' ? at : 'NULL';
  await dataSource.query(`INSERT INTO webhook_deliveries (id, event_id, endpoint_id, tenant, event_type, status,
      attempt_count, schedule_attempts, next_attempt_at, single, test, created_at)
    SELECT ${id('dlv')}, ${id('evt')}, '${endpointId}', '${tenant}', 'post.published', '${as}',
      0, 0, ${dueAt}, false, false, ${at} FROM ${numbers}`);
}
