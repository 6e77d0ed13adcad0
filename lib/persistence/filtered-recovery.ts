import { setImmediate } from 'node:timers/promises';
import type { SelectQueryBuilder } from 'typeorm';
import type { EndpointFilters } from './endpoint-filters.js';
import type { SqlRow } from './sql/sql-executor.js';

/** How many rows the first statement reads. Later ones read as many as have about this many characters. */
const FIRST_ROWS = 100;
const CHARACTERS = 4_000_000;
const MOST_ROWS = 1_000;

/** How many ids a statement takes. */
const IDS = 1_000;

/** How many rows of a range a preview tries the filter on. */
const PREVIEWED_ROWS = 5_000;
const PREVIEW_MS = 1_000;

type EventTest = NonNullable<ReturnType<EndpointFilters['testOf']>>;

interface JudgedRow {
  readonly id: string;
  /** The type or the state of the row. */
  readonly kind: string;
  readonly allowed: boolean;
}

/**
 * Tries a filter on the rows of a query, in the order of their ids.
 * @param query selects `id`, `kind`, `body` and `version`
 * @param idColumn the column of its order
 */
async function* judged(
  query: () => SelectQueryBuilder<object>,
  idColumn: string,
  test: EventTest,
): AsyncGenerator<JudgedRow[]> {
  let limit = FIRST_ROWS;
  let cursor = '';
  for (;;) {
    const rows = await query()
      .andWhere(`${idColumn} > :cursor`, { cursor })
      .orderBy(idColumn, 'ASC')
      .limit(limit)
      .getRawMany<SqlRow>();
    let characters = 0;
    const batch = rows.map(({ id, kind, body, version }): JudgedRow => {
      const text = String(body);
      characters += text.length;
      return {
        id: String(id),
        kind: String(kind),
        allowed: test({ body: text, version: version as string | null }),
      };
    });
    if (batch.length > 0) yield batch;
    if (rows.length < limit) return;
    cursor = batch.at(-1)!.id;
    limit = Math.min(MOST_ROWS, Math.max(1, Math.floor(CHARACTERS / (characters / rows.length + 1))));
    // SQLite's statements are synchronous: let requests and deliveries run in between.
    await setImmediate();
  }
}

/** The ids of the rows that match the filter, in lists that fit into a statement. */
export async function allowedIds(...[query, idColumn, test]: Parameters<typeof judged>): Promise<string[][]> {
  const lists: string[][] = [[]];
  for await (const batch of judged(query, idColumn, test)) {
    for (const { id, allowed } of batch) {
      if (!allowed) continue;
      if (lists.at(-1)!.length === IDS) lists.push([]);
      lists.at(-1)!.push(id);
    }
  }
  return lists.filter((list) => list.length > 0);
}

/** How many rows the filter excludes, by kind. Not `complete` if there are more than a preview reads. */
export async function countRejected(
  ...[query, idColumn, test]: Parameters<typeof judged>
): Promise<{ rejected: ReadonlyMap<string, number>; complete: boolean }> {
  const endAt = performance.now() + PREVIEW_MS;
  const rejected = new Map<string, number>();
  let looked = 0;
  for await (const batch of judged(query, idColumn, test)) {
    if (looked >= PREVIEWED_ROWS || performance.now() > endAt) return { rejected, complete: false };
    looked += batch.length;
    for (const { kind, allowed } of batch) if (!allowed) rejected.set(kind, (rejected.get(kind) ?? 0) + 1);
  }
  return { rejected, complete: true };
}
