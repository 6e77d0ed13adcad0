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
/** How often a search asks on by itself: the server looks through 5,000 deliveries each time. */
const SEARCH_ROUNDS = 4;

type LoadDeliveries = (query: Query, signal: AbortSignal) => Promise<WebhookPageView<WebhookDeliveryView>>;

/** The deliveries that a filter shows: it grows by pages, and stays live unless the server has to search. */
export class DeliveryLog {
  filter: DeliveryFilter = NO_FILTER;
  /** What the filter has found, for screen readers; `undefined` while it is looked for. */
  found: (() => string) | undefined = () => '';
  readonly list: PagedList<WebhookDeliveryView>;
  readonly window: ChunkWindow;
  readonly chunks = new Chunks<WebhookDeliveryView>();
  isPaused = false;
  private isRefreshing = false;
  /** Once more was asked for: the pages after it come by themselves. */
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

  /** As soon as the filter says something: a custom period does not before it has a start or an end. */
  narrow(): void {
    const { period, from, to } = this.filter;
    const isUnsaid = period === 'custom' && from === undefined && to === undefined;
    if (!isUnsaid && !periodProblem(this.filter)) void this.search();
  }

  /** A search is not repeated by itself: each one has the server read thousands of payloads. */
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

  /** Relative times go on while it is paused. */
  async tick(): Promise<void> {
    if (this.isPaused || isScan(this.filter) || periodProblem(this.filter)) this.host.requestUpdate();
    else await this.refresh();
  }

  async more(): Promise<void> {
    const isSearch = isScan(this.filter);
    this.isGrowing = !isSearch;
    await (isSearch ? this.searchOn() : this.list.more());
  }

  /** Until there is a page more, but not to the end of the log. */
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

  /** A refresh takes as many as are shown, so that added pages stay live too, up to what one request gives. */
  private pageSize(cursor: string | undefined): number {
    if (this.isRefreshing) return Math.min(LARGEST_PAGE, Math.max(PAGE, this.rows.length));
    return cursor === undefined ? PAGE : LARGEST_PAGE;
  }
}
