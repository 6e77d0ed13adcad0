import { Inject, Injectable } from '@nestjs/common';
import { bodyTexts, isWholeId } from '../domain/search-text.js';
import { firstIdAfter, firstIdAt } from '../domain/id.js';
import { equal, inTime, isLost, type OfAnyTenant, type WebhookLogFilter } from './log-filter.js';
import { LoggedDeliveries, type LoggedDelivery } from './logged-deliveries.js';
import { before, lookThrough, type FoundRows } from './look-through.js';
import type { Condition } from './sql/id-range.js';
import type { ForcedIndex } from './sql/table-names.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import type { WebhookPage } from './webhook-log.repository.js';

/**
 * How many deliveries one statement, and one request, searches; the next request continues there. Bodies may be 256
 * KiB each, while a row alone is small.
 */
const LOOKS = { window: 500, most: 5_000 };
const LOOKS_AT_ROWS = { window: 1_000, most: 50_000 };

type AnyFilter = OfAnyTenant<WebhookLogFilter>;

export type FoundDeliveries = FoundRows<LoggedDelivery>;

/** Lists deliveries, the newest first. Some conditions have an index, others don't. */
@Injectable()
export class WebhookSearchRepository {
  constructor(
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(LoggedDeliveries) private readonly deliveries: LoggedDeliveries,
  ) {}

  /**
   * If a condition has no index, searches a bounded number of rows: then it returns less than a page,
   * maybe nothing, and where to continue.
   */
  list(filter: AnyFilter, page: WebhookPage): Promise<FoundDeliveries> {
    return isScan(filter) ? this.scan(filter, page) : this.page(filter, page);
  }

  private async page(filter: AnyFilter, { limit, cursor }: WebhookPage): Promise<FoundDeliveries> {
    const conditions = [...this.known(filter), ...this.unknown(filter), ...before(cursor)];
    const rows = await this.matching(filter, conditions, limit + 1);
    const found = rows.slice(0, limit);
    return { found, nextCursor: rows.length > limit ? found.at(-1)!.id : null };
  }

  private scan(filter: AnyFilter, page: WebhookPage): Promise<FoundDeliveries> {
    return lookThrough(
      this.database,
      {
        table: this.database.tables.deliveries,
        index: this.indexFor(filter),
        known: this.known(filter),
        sizes: readsMore(filter) ? LOOKS : LOOKS_AT_ROWS,
        matching: (range, limit) => this.matching(filter, [...range, ...this.unknown(filter)], limit),
      },
      page,
    );
  }

  private matching(
    filter: AnyFilter,
    conditions: readonly Condition[],
    limit: number,
  ): Promise<LoggedDelivery[]> {
    const index = this.indexFor(filter);
    return this.deliveries.read({ conditions, index, limit }, this.database.replica);
  }

  private indexFor(filter: AnyFilter): string {
    const name = indexFor(filter);
    return name === 'PRIMARY' ? name : this.database.tables.index(name);
  }

  /** The conditions that have an index. */
  private known(filter: AnyFilter): Condition[] {
    const { tenant, endpointId, status, search } = filter;
    const [eventId, id] = ['evt', 'dlv'].map((prefix) => (isWholeId(search, prefix) ? search : undefined));
    return [
      ...equal({ tenant, endpoint_id: endpointId, event_id: eventId, id }),
      // MySQL has an index in which the lost ones are together.
      ...(areLostTogether(filter) ? [...equal({ status }), ['next_attempt_at IS NULL'] as const] : []),
      ...inTime('dlv', { until: filter.attemptedUntil }),
      ...inTime('dlv', filter),
    ];
  }

  private unknown(filter: AnyFilter): Condition[] {
    const { status, eventType, test, statusCode, errorCode, minDuration } = filter;
    return [
      ...equal({ event_type: eventType, test, error_code: errorCode }),
      ...(areLostTogether(filter) ? [] : equal({ status })),
      ...(statusCode === undefined ? [] : [codeIs(statusCode)]),
      ...(minDuration === undefined ? [] : [[`${this.deliveries.durationMs} >= ?`, minDuration] as const]),
      ...this.attempted(filter),
      ...this.inBody(filter),
    ];
  }

  private attempted({ attemptedSince: since, attemptedUntil: until }: AnyFilter): Condition[] {
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

  /** A scalar subquery: PostgreSQL would turn EXISTS into a join that reads all events. */
  private inBody({ search }: AnyFilter): Condition[] {
    if (search === undefined || isId(search)) return [];
    const { events } = this.database.tables;
    const texts = bodyTexts(search);
    // The database lowers both sides, so a character that its LOWER does not change still matches itself.
    const place = this.database.isPostgres ? 'strpos' : 'INSTR';
    const isIn = texts.map(() => `${place}(LOWER(e.body), LOWER(?)) > 0`).join(' OR ');
    const found = `(SELECT COUNT(*) FROM ${events} e WHERE e.id = event_id AND (${isIn})) > 0`;
    return [[found, ...texts]];
  }
}

const isId = (search: string): boolean => isWholeId(search, 'evt') || isWholeId(search, 'dlv');

/** The deliveries of one tenant or endpoint have an index. */
const areLostTogether = (filter: AnyFilter): boolean => isLost(filter) && isOfSome(filter);

const isOfSome = ({ tenant, endpointId }: AnyFilter): boolean =>
  tenant !== undefined || endpointId !== undefined;

/** A condition on an id leaves only a few rows. */
function isScan(filter: AnyFilter): boolean {
  const { search, status, eventType, test, statusCode, errorCode } = filter;
  if (search !== undefined) return !isId(search);
  const isRare = [statusCode, errorCode].some((value) => value !== undefined) || readsMore(filter);
  return isRare || (!isOfSome(filter) && [status, eventType, test].some((value) => value !== undefined));
}

/** Whether it must read the body or the attempts of each delivery. */
const readsMore = ({ search, minDuration, attemptedSince, attemptedUntil }: AnyFilter): boolean =>
  [search, minDuration, attemptedSince, attemptedUntil].some((value) => value !== undefined);

function indexFor(filter: AnyFilter): ForcedIndex | 'PRIMARY' {
  if (isWholeId(filter.search, 'evt')) return 'webhook_deliveries_pair';
  if (!isOfSome(filter)) return 'PRIMARY';
  if (isLost(filter)) return 'webhook_deliveries_due';
  return filter.endpointId === undefined ? 'webhook_deliveries_tenant' : 'webhook_deliveries_endpoint';
}

/** `503`, or `5xx`. */
function codeIs(statusCode: string): Condition {
  if (!statusCode.endsWith('xx')) return ['status_code = ?', Number(statusCode)];
  const first = Number(statusCode[0]) * 100;
  return ['status_code >= ? AND status_code < ?', first, first + 100];
}
