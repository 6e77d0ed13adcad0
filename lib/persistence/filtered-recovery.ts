import { setImmediate } from 'node:timers/promises';
import type { SelectQueryBuilder } from 'typeorm';
import { compiledFilter, filteredBody, type WebhookFilter } from '../domain/endpoint-filter.js';
import type { SqlRow } from './sql/sql-executor.js';

/** Rows of the first statement; after that, as many as have about so many characters. */
const FIRST_ROWS = 100;
const CHARACTERS = 4_000_000;
const MOST_ROWS = 1_000;

/** Ids of one statement. */
const IDS = 1_000;

/** How much of a range a preview tries the filter on. */
const PREVIEWED_ROWS = 5_000;
const PREVIEW_MS = 1_000;

interface JudgedRow {
  readonly id: string;
  /** A type, or a state. */
  readonly kind: string;
  readonly allowed: boolean;
}

/**
 * Tries a filter on what a query finds, from one id to the next.
 * @param query gives `id`, `kind` and `body`
 * @param idColumn what it is ordered by
 */
async function* judged(
  query: () => SelectQueryBuilder<object>,
  idColumn: string,
  filter: WebhookFilter,
): AsyncGenerator<JudgedRow[]> {
  const test = compiledFilter(filter);
  let limit = FIRST_ROWS;
  let cursor = '';
  for (;;) {
    const rows = await query()
      .andWhere(`${idColumn} > :cursor`, { cursor })
      .orderBy(idColumn, 'ASC')
      .limit(limit)
      .getRawMany<SqlRow>();
    let characters = 0;
    const batch = rows.map(({ id, kind, body }): JudgedRow => {
      const text = String(body);
      characters += text.length;
      return { id: String(id), kind: String(kind), allowed: test(filteredBody(text)) };
    });
    if (batch.length > 0) yield batch;
    if (rows.length < limit) return;
    cursor = batch.at(-1)!.id;
    limit = Math.min(MOST_ROWS, Math.max(1, Math.floor(CHARACTERS / (characters / rows.length + 1))));
    // On SQLite the statements are synchronous: requests and deliveries come in between.
    await setImmediate();
  }
}

/** The ids of what the filter lets through, in lists that a statement takes. */
export async function allowedIds(
  ...[query, idColumn, filter]: Parameters<typeof judged>
): Promise<string[][]> {
  const lists: string[][] = [[]];
  for await (const batch of judged(query, idColumn, filter)) {
    for (const { id, allowed } of batch) {
      if (!allowed) continue;
      if (lists.at(-1)!.length === IDS) lists.push([]);
      lists.at(-1)!.push(id);
    }
  }
  return lists.filter((list) => list.length > 0);
}

/** How much of it the filter keeps out, by kind; not `complete` where there is more than a preview looks at. */
export async function countRejected(
  ...[query, idColumn, filter]: Parameters<typeof judged>
): Promise<{ rejected: ReadonlyMap<string, number>; complete: boolean }> {
  const endAt = performance.now() + PREVIEW_MS;
  const rejected = new Map<string, number>();
  let looked = 0;
  for await (const batch of judged(query, idColumn, filter)) {
    if (looked >= PREVIEWED_ROWS || performance.now() > endAt) return { rejected, complete: false };
    looked += batch.length;
    for (const { kind, allowed } of batch) if (!allowed) rejected.set(kind, (rejected.get(kind) ?? 0) + 1);
  }
  return { rejected, complete: true };
}
