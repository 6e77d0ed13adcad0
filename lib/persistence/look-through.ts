import { setImmediate } from 'node:timers/promises';
import { selectById, type Condition } from './sql/id-range.js';
import type { WebhooksDatabase } from './sql/webhooks-database.js';
import type { WebhookPage } from './webhook-log.repository.js';

/** How long one request searches at most. The next one continues where it stopped. */
const BUDGET_MS = 1_000;

/** How many rows one statement reads, and one request. */
export interface LookSizes {
  readonly window: number;
  readonly most: number;
}

export interface FoundRows<Row> {
  readonly found: Row[];
  /** Where the next page continues; `null` if there is nothing left to read. */
  readonly nextCursor: string | null;
}

interface Look<Row> {
  readonly table: string;
  /** For MySQL: see `selectById`. */
  readonly index: string;
  /** Conditions that an index knows. */
  readonly known: readonly Condition[];
  readonly sizes: LookSizes;
  /** The wanted rows among the newest that match `range`. */
  matching(range: readonly Condition[], limit: number): Promise<Row[]>;
}

/**
 * Finds rows by conditions that no index knows, the newest first. It reads a limited number of rows. So it may return
 * less than a page, even nothing, and where to continue.
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
    // SQLite's statements are synchronous: let requests and deliveries run in between.
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

/** The rows after the last one of the page before. */
export const before = (cursor: string | undefined): Condition[] =>
  cursor === undefined ? [] : [['id < ?', cursor]];
