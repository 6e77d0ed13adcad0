import type { ReactiveControllerHost } from 'lit';
import type { WebhookDeliveryView, WebhookPageView } from '../api/api-types.js';
import type { Query } from '../api/http.js';
import { isScan, NO_FILTER, periodProblem, queryOf, type DeliveryFilter } from '../parts/delivery-filters.js';
import { ChunkWindow } from './chunk-window.js';
import { Chunks } from './chunks.js';
import { PagedList } from './paged-list.js';
import { t } from '../texts/t.js';

const PAGE = 50;
const LARGEST_PAGE = 250;
/** How many pages a search loads by itself. The server scans 5,000 deliveries for each. */
const SEARCH_ROUNDS = 4;

type LoadDeliveries = (query: Query, signal: AbortSignal) => Promise<WebhookPageView<WebhookDeliveryView>>;

/**
 * The deliveries that match a filter. The list grows by pages, and refreshes itself unless the server has to
 * scan.
 */
export class DeliveryLog {
  filter: DeliveryFilter = NO_FILTER;
  /** The number of results, for screen readers; `undefined` while searching. */
  found: (() => string) | undefined = () => '';
  readonly list: PagedList<WebhookDeliveryView>;
  readonly window: ChunkWindow;
  readonly chunks = new Chunks<WebhookDeliveryView>();
  isPaused = false;
  private isRefreshing = false;
  /** Whether the reader has asked for more. Then the next pages load while scrolling. */
  private isGrowing = false;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    load: LoadDeliveries,
  ) {
    this.list = new PagedList(host, (cursor, signal) =>
      load({ ...queryOf(this.filter), cursor, limit: this.pageSize(cursor) }, signal),
    );
    this.window = new ChunkWindow(host, () => {
      if (this.isGrowing && !this.list.loading && !this.list.error) void this.list.more();
    });
  }

  get rows(): readonly WebhookDeliveryView[] {
    return this.list.rows ?? [];
  }

  /** Applies the filter, unless its custom period is invalid or has neither start nor end. */
  narrow(): void {
    const { period, from, to } = this.filter;
    const isUnsaid = period === 'custom' && from === undefined && to === undefined;
    if (!isUnsaid && !periodProblem(this.filter)) void this.search();
  }

  /**
   * The timer does not call this for a search, because each one makes the server read thousands of payloads.
   */
  readonly refresh = async (): Promise<void> => {
    if (isScan(this.filter)) return this.search();
    this.isRefreshing = true;
    const refreshed = this.list.refresh();
    this.isRefreshing = false;
    await refreshed;
  };

  readonly pause = (): void => {
    this.isPaused = !this.isPaused;
    this.host.requestUpdate();
    if (!this.isPaused) void this.refresh();
  };

  /** Renders again even while paused, because the displayed times are relative. */
  async tick(): Promise<void> {
    if (this.isPaused || isScan(this.filter) || periodProblem(this.filter)) this.host.requestUpdate();
    else await this.refresh();
  }

  async more(): Promise<void> {
    const isSearch = isScan(this.filter);
    this.isGrowing = !isSearch;
    await (isSearch ? this.searchOn() : this.list.more());
  }

  /** Searches until one more page is full, or `SEARCH_ROUNDS` is reached. */
  readonly searchOn = async (): Promise<void> => {
    const { filter } = this;
    const wanted = this.rows.length + PAGE;
    for (let round = 1; round < SEARCH_ROUNDS && filter === this.filter; round++) {
      if (this.list.error || !this.list.hasMore || this.rows.length >= wanted) return;
      await this.list.more();
    }
  };

  private async search(): Promise<void> {
    this.found = undefined;
    this.isGrowing = false;
    const { filter } = this;
    await this.list.restart({ forget: this.list.error !== undefined || this.list.rows === undefined });
    if (isScan(filter)) await this.searchOn();
    if (filter !== this.filter) return;
    const count = this.rows.length;
    const key = this.list.hasMore ? 'log.found-more' : 'deliveries';
    this.found = () => t(key, { count });
    this.host.requestUpdate();
  }

  /**
   * A refresh loads as many rows as are shown, up to the maximum of one request, so that added pages refresh,
   * too.
   */
  private pageSize(cursor: string | undefined): number {
    if (this.isRefreshing) return Math.min(LARGEST_PAGE, Math.max(PAGE, this.rows.length));
    return cursor === undefined ? PAGE : LARGEST_PAGE;
  }
}
