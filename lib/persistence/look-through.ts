import { setImmediate } from 'node:timers/promises';
import { selectById, type Condition } from './sql/id-range.js';
import type { WebhooksDatabase } from './sql/webhooks-database.js';
import type { WebhookPage } from './webhook-log.repository.js';

/** How long one request looks at most: the next one goes on where it stopped. */
const BUDGET_MS = 1_000;

/** How many rows one statement looks through, and one request. */
export interface LookSizes {
  readonly window: number;
  readonly most: number;
}

export interface FoundRows<Row> {
  readonly found: Row[];
  /** Where the next page goes on; `null` where there is nothing more to look at. */
  readonly nextCursor: string | null;
}

interface Look<Row> {
  readonly table: string;
  /** For MySQL: see `selectById`. */
  readonly index: string;
  /** What there is an index of. */
  readonly known: readonly Condition[];
  readonly sizes: LookSizes;
  /** Of the newest rows that all of `range` holds of, those that are asked for. */
  matching(range: readonly Condition[], limit: number): Promise<Row[]>;
}

/**
 * Finds rows, the newest first, by what no index knows: it looks through so many and no more. Then it gives less than a page, maybe
 * nothing, and where to go on.
 */
export async function lookThrough<Row extends { readonly id: string }>(
  database: WebhooksDatabase,
  { table, index, known, sizes: { window, most }, matching }: Look<Row>,
  { limit, cursor }: WebhookPage,
): Promise<FoundRows<Row>> {
  const endAt = performance.now() + BUDGET_MS;
  const found: Row[] = [];
  let nextCursor = cursor;
  for (let looked = 0; looked < most && performance.now() < endAt; looked += window) {
    // On SQLite the statements are synchronous: requests and deliveries come in between.
    if (looked > 0) await setImmediate();
    const range = [...known, ...before(nextCursor)];
    const { sql, params } = selectById(database, {
      table,
      columns: 'id',
      index,
      conditions: range,
      order: 'DESC',
      limit: window,
    });
    const rows: { count: unknown; last_id: string | null }[] = await database.replica.query(
      `SELECT COUNT(*) AS count, MIN(id) AS last_id FROM (${sql}) w`,
      [...params],
    );
    const { count, last_id: lastId } = rows[0]!;
    if (lastId === null) return { found, nextCursor: null };
    const room = limit - found.length;
    const matched = await matching([...range, ['id >= ?', lastId]], room + 1);
    found.push(...matched.slice(0, room));
    if (matched.length > room) return { found, nextCursor: found.at(-1)!.id };
    if (Number(count) < window) return { found, nextCursor: null };
    nextCursor = lastId;
  }
  return { found, nextCursor: nextCursor ?? null };
}

/** What comes after the last row of the page before. */
export const before = (cursor: string | undefined): Condition[] =>
  cursor === undefined ? [] : [['id < ?', cursor]];
