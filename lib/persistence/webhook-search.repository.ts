import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { bodyTexts, isWholeId } from '../domain/search-text.js';
import { firstIdAfter, firstIdAt } from '../domain/id.js';
import { equal, inTime, isLost, type WebhookLogFilter } from './log-filter.js';
import { LoggedDeliveries, type LoggedDelivery } from './logged-deliveries.js';
import { selectById, type Condition } from './sql/id-range.js';
import type { ForcedIndex } from './sql/table-names.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import type { WebhookPage } from './webhook-log.repository.js';

/** How many deliveries one statement looks through: their bodies may be of 256 KiB each. */
const WINDOW = 500;
/** How many one request does, and for how long at most: the next one goes on where it stopped. */
const MOST_ROWS = 5_000;
const BUDGET_MS = 1_000;

export interface FoundDeliveries {
  readonly found: LoggedDelivery[];
  /** Where the next page goes on; `null` where there is nothing more to look at. */
  readonly nextCursor: string | null;
}

/** Lists deliveries, the newest first, by what indices know, and by what none does. */
@Injectable()
export class WebhookSearchRepository {
  constructor(
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(LoggedDeliveries) private readonly deliveries: LoggedDeliveries,
  ) {}

  /**
   * Where no index knows what is asked for, it looks through so many rows and no more: then it gives less than a page,
   * maybe nothing, and where to go on.
   */
  list(filter: WebhookLogFilter, page: WebhookPage): Promise<FoundDeliveries> {
    return isScan(filter) ? this.scan(filter, page) : this.page(filter, page);
  }

  private async page(filter: WebhookLogFilter, { limit, cursor }: WebhookPage): Promise<FoundDeliveries> {
    const conditions = [...this.known(filter), ...this.unknown(filter), ...before(cursor)];
    const rows = await this.matching(filter, conditions, limit + 1);
    const found = rows.slice(0, limit);
    return { found, nextCursor: rows.length > limit ? found.at(-1)!.id : null };
  }

  private async scan(filter: WebhookLogFilter, { limit, cursor }: WebhookPage): Promise<FoundDeliveries> {
    const endAt = performance.now() + BUDGET_MS;
    const found: LoggedDelivery[] = [];
    let nextCursor = cursor;
    for (let looked = 0; looked < MOST_ROWS && performance.now() < endAt; looked += WINDOW) {
      // On SQLite the statements are synchronous: requests and deliveries come in between.
      if (looked > 0) await setImmediate();
      const range = [...this.known(filter), ...before(nextCursor)];
      const { count, lastId } = await this.window(filter, range);
      if (lastId === null) return { found, nextCursor: null };
      const room = limit - found.length;
      const conditions: Condition[] = [...range, ['id >= ?', lastId], ...this.unknown(filter)];
      const rows = await this.matching(filter, conditions, room + 1);
      found.push(...rows.slice(0, room));
      if (rows.length > room) return { found, nextCursor: found.at(-1)!.id };
      if (count < WINDOW) return { found, nextCursor: null };
      nextCursor = lastId;
    }
    return { found, nextCursor: nextCursor ?? null };
  }

  /** The next rows to look through. */
  private async window(
    filter: WebhookLogFilter,
    conditions: readonly Condition[],
  ): Promise<{ count: number; lastId: string | null }> {
    const { tables, replica } = this.database;
    const { sql, params } = selectById(this.database, {
      table: tables.deliveries,
      columns: 'id',
      index: tables.index(indexFor(filter)),
      conditions,
      order: 'DESC',
      limit: WINDOW,
    });
    const rows: { count: unknown; last_id: string | null }[] = await replica.query(
      `SELECT COUNT(*) AS count, MIN(id) AS last_id FROM (${sql}) w`,
      [...params],
    );
    return { count: Number(rows[0]!.count), lastId: rows[0]!.last_id };
  }

  private matching(
    filter: WebhookLogFilter,
    conditions: readonly Condition[],
    limit: number,
  ): Promise<LoggedDelivery[]> {
    const index = this.database.tables.index(indexFor(filter));
    return this.deliveries.read({ conditions, index, limit }, this.database.replica);
  }

  /** What there are indices of. */
  private known(filter: WebhookLogFilter): Condition[] {
    const { tenant, endpointId, status, search } = filter;
    const [eventId, id] = ['evt', 'dlv'].map((prefix) => (isWholeId(search, prefix) ? search : undefined));
    return [
      ...equal({ tenant, endpoint_id: endpointId, event_id: eventId, id }),
      // Where MySQL has the lost ones together.
      ...(isLost(filter) ? [...equal({ status }), ['next_attempt_at IS NULL'] as const] : []),
      ...inTime('dlv', { until: filter.attemptedUntil }),
      ...inTime('dlv', filter),
    ];
  }

  private unknown(filter: WebhookLogFilter): Condition[] {
    const { status, eventType, test, statusCode, errorCode, minDuration } = filter;
    return [
      ...equal({ event_type: eventType, test, error_code: errorCode }),
      ...(isLost(filter) ? [] : equal({ status })),
      ...(statusCode === undefined ? [] : [codeIs(statusCode)]),
      ...(minDuration === undefined ? [] : [[`${this.deliveries.durationMs} >= ?`, minDuration] as const]),
      ...this.attempted(filter),
      ...this.inBody(filter),
    ];
  }

  private attempted({ attemptedSince: since, attemptedUntil: until }: WebhookLogFilter): Condition[] {
    if (since === undefined && until === undefined) return [];
    const { attempts, deliveries } = this.database.tables;
    const inRange = [
      ...(since === undefined ? [] : ['a.started_at >= ? AND a.id >= ?']),
      ...(until === undefined ? [] : ['a.started_at < ? AND a.id < ?']),
    ];
    const count =
      `(SELECT COUNT(*) FROM ${attempts} a WHERE a.delivery_id = ${deliveries}.id AND ` +
      `${inRange.join(' AND ')}) > 0`;
    const values = [
      ...(since === undefined ? [] : [since, firstIdAt('att', since)]),
      ...(until === undefined ? [] : [until, firstIdAfter('att', until)]),
    ];
    return [[count, ...values]];
  }

  /** A scalar: of EXISTS, PostgreSQL would make a join, for which it reads all events. */
  private inBody({ search }: WebhookLogFilter): Condition[] {
    if (search === undefined || isId(search)) return [];
    const { events } = this.database.tables;
    const texts = bodyTexts(search);
    // The database lowers both sides, so that what its LOWER leaves alone is still found as it was written.
    const place = this.database.isPostgres ? 'strpos' : 'INSTR';
    const isIn = texts.map(() => `${place}(LOWER(e.body), LOWER(?)) > 0`).join(' OR ');
    const found = `(SELECT COUNT(*) FROM ${events} e WHERE e.id = event_id AND (${isIn})) > 0`;
    return [[found, ...texts]];
  }
}

const isId = (search: string): boolean => isWholeId(search, 'evt') || isWholeId(search, 'dlv');

/** An id leaves few rows. */
function isScan(filter: WebhookLogFilter): boolean {
  const { search, statusCode, errorCode, minDuration, attemptedSince, attemptedUntil } = filter;
  if (search !== undefined) return !isId(search);
  return [statusCode, errorCode, minDuration, attemptedSince, attemptedUntil].some(
    (value) => value !== undefined,
  );
}

function indexFor(filter: WebhookLogFilter): ForcedIndex {
  if (isWholeId(filter.search, 'evt')) return 'webhook_deliveries_pair';
  if (isLost(filter)) return 'webhook_deliveries_due';
  return filter.endpointId === undefined ? 'webhook_deliveries_tenant' : 'webhook_deliveries_endpoint';
}

const before = (cursor: string | undefined): Condition[] =>
  cursor === undefined ? [] : [['id < ?', cursor]];

/** `503`, or `5xx`. */
function codeIs(statusCode: string): Condition {
  if (!statusCode.endsWith('xx')) return ['status_code = ?', Number(statusCode)];
  const first = Number(statusCode[0]) * 100;
  return ['status_code >= ? AND status_code < ?', first, first + 100];
}
