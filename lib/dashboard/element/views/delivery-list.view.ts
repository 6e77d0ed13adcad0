import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookEventTypeDescription,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import type { Neighbours } from './delivery-detail.view.js';
import {
  filterOf,
  filterQuery,
  isFiltered,
  isScan,
  NO_FILTER,
  periodProblem,
  queryOf,
  type DeliveryFilter,
} from '../parts/delivery-filters.js';
import { deliveryTable } from '../parts/delivery-table.js';
import { logBar } from '../parts/log-bar.js';
import { empty, failure, loadingRows, messageOf } from '../parts/states.js';
import { time } from '../parts/time.js';
import type { Route, RouteQuery } from '../routing/route.js';
import { ChunkWindow } from '../state/chunk-window.js';
import { Chunks } from '../state/chunks.js';
import { rememberTrouble } from '../state/missed-since.js';
import { PagedList } from '../state/paged-list.js';
import { poll } from '../state/poller.js';

const REFRESH_MS = 5_000;
const PAGE = 50;
const LARGEST_PAGE = 250;
const SEARCH_DELAY_MS = 300;
/** How often a search asks on by itself: the server looks through 5,000 deliveries each time. */
const SEARCH_ROUNDS = 4;

/** The delivery log of a webhook; `delivery` is open in a drawer over it. */
export class DeliveryListView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    delivery: { attribute: false },
    query: { attribute: false },
    types: { state: true },
    paused: { state: true },
    recovering: { state: true },
    found: { state: true },
    unfolded: { state: true },
    selected: { state: true },
    recoverSince: { state: true },
    exporting: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  declare delivery: string | undefined;
  declare query: RouteQuery | undefined;
  private filter: DeliveryFilter = NO_FILTER;
  declare private types: readonly WebhookEventTypeDescription[];
  declare private paused: boolean;
  declare private recovering: boolean;
  /** What a filter has found, for screen readers; `undefined` while it is looked for. */
  declare private found: string | undefined;
  /** The filters, where there is no room for them. */
  declare private unfolded: boolean;
  declare private selected: ReadonlySet<string>;
  /** Epoch ms, where the recovery is not to start with what was missed. */
  declare private recoverSince: number | undefined;
  declare private exporting: boolean;
  /** What is being typed, which is not in the address yet. */
  private typed = '';
  private timer: number | undefined;
  private refreshing = false;
  /** The open delivery is not the one whose row was clicked. */
  private isStepped = false;
  /** Once more was asked for: the pages after it come by themselves. */
  private isGrowing = false;
  private readonly chunks = new Chunks<WebhookDeliveryView>();
  private readonly window = new ChunkWindow(this, () => {
    if (this.isGrowing && !this.list.loading && !this.list.error) void this.list.more();
  });

  private readonly list = new PagedList<WebhookDeliveryView>(this, (cursor, signal) =>
    this.context.api.deliveries(
      this.endpoint.id,
      { ...queryOf(this.filter), cursor, limit: this.pageSize(cursor) },
      signal,
    ),
  );

  constructor() {
    super();
    this.types = [];
    this.paused = false;
    this.recovering = false;
    this.unfolded = false;
    this.found = '';
    this.selected = new Set();
    this.exporting = false;
    poll(this, this.tick, REFRESH_MS);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('endpoint') && changed.get('endpoint')?.id !== this.endpoint.id;
    if (changed.has('endpoint')) rememberTrouble(this.endpoint);
    const filter = filterOf(this.query);
    const isNarrowed = changed.has('query') && JSON.stringify(filter) !== JSON.stringify(this.filter);
    if (isNarrowed) this.filter = filter;
    if (isOther || isNarrowed) this.selected = new Set();
    if (isNarrowed && this.timer === undefined) this.typed = filter.search;
    if (isOther && !isScan(filter)) void this.list.restart();
    else if (isOther || isNarrowed) this.narrow();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    // Without the catalogue there is no choice of event types; the log is of use all the same.
    this.context.eventTypes().then(
      (types) => (this.types = types),
      () => {},
    );
  }

  protected override updated(changed: PropertyValues<this>): void {
    const closed = changed.get('delivery');
    if (closed && !this.delivery) this.keepFocus(closed);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h3 class="sr-only">Deliveries</h3>
      ${logBar({
        filter: this.filter,
        typed: this.typed,
        types: this.types,
        codes: this.list.rows?.flatMap(({ statusCode }) => statusCode ?? []) ?? [],
        unfolded: this.unfolded,
        paused: this.paused,
        connected: this.list.error === undefined,
        search: this.searchFor,
        change: this.change,
        unfold: () => (this.unfolded = !this.unfolded),
        pause: this.pause,
        searchAgain: this.refresh,
        exportAll: () => (this.exporting = true),
        recover: () => this.recover(),
      })}
      <p class="sr-only" role="status">${this.found}</p>
      ${this.selection()}
      <div class="card ${this.found === undefined ? 'log-stale' : ''}">${this.content()}</div>
      ${this.dialogs()}
    </div>`;
  }

  private selection(): unknown {
    const rows = this.list.rows?.filter(({ id }) => this.selected.has(id)) ?? [];
    if (rows.length === 0) return nothing;
    return html`<webhooks-selection
      .context=${this.context}
      .rows=${rows}
      @selected=${({ detail }: CustomEvent<string[]>) => (this.selected = new Set(detail))}
      @resent=${this.refresh}
      @since=${({ detail }: CustomEvent<number>) => this.recover(detail)}
    ></webhooks-selection>`;
  }

  private content(): unknown {
    const { rows, error } = this.list;
    if (!rows) return error ? failure(error, () => void this.list.restart()) : loadingRows(8);
    if (rows.length === 0) return this.nothingThere();
    return html`${
      error
        ? html`<p class="problem log-problem" role="alert">Not up to date. ${messageOf(error)}</p>`
        : nothing
    }
    ${deliveryTable(this.context, {
      chunks: this.chunks.of(rows),
      isShown: (key) => this.window.isShown(key),
      count: this.list.hasMore ? undefined : rows.length,
      selected: this.selected,
      select: this.select,
    })}
    ${
      this.list.hasMore
        ? html`<div class="more" data-end>
            ${isScan(this.filter) ? html`<span class="muted small">${this.reached()}</span>` : nothing}
            <button type="button" class="button" @click=${this.showMore}>
              ${isScan(this.filter) ? 'Search further' : 'Show more'}
            </button>
          </div>`
        : nothing
    }`;
  }

  private reached(): TemplateResult {
    const { reachedTo } = this.list;
    return html`Searched back to ${time(new Date(reachedTo ?? 0).toISOString())}.`;
  }

  private nothingThere(): TemplateResult {
    if (this.list.hasMore) {
      const further = html`<button
        type="button"
        class="button"
        aria-disabled=${this.list.loading}
        @click=${this.searchOn}
      >
        Search further
      </button>`;
      return empty('search', 'Nothing found yet', this.reached(), further);
    }
    if (isFiltered(this.filter)) {
      const clear = html`<button type="button" class="button" @click=${() => this.change(NO_FILTER)}>
        Clear filters
      </button>`;
      return empty(
        'search',
        'No delivery matches',
        'Search for another text, or choose other filters.',
        clear,
      );
    }
    const text = this.endpoint.active
      ? 'When an event of this webhook happens, its delivery appears here.'
      : 'This webhook is paused, so nothing is sent to it.';
    return empty('inbox', 'No deliveries yet', text);
  }

  private dialogs(): unknown {
    const { context, endpoint } = this;
    return html`${
      this.delivery
        ? html`<webhooks-delivery
            .context=${context}
            .deliveryId=${this.delivery}
            .endpoint=${endpoint}
            .neighbours=${this.neighbours()}
            @step=${({ detail }: CustomEvent<string>) => this.stepTo(detail)}
            @since=${({ detail }: CustomEvent<number>) => this.recover(detail)}
            @close=${this.closeDrawer}
            @delivery-changed=${({ detail }: CustomEvent<WebhookDeliveryView>) => this.list.replace(detail)}
          ></webhooks-delivery>`
        : nothing
    }
    ${
      this.recovering
        ? html`<webhooks-recover
            .context=${context}
            .endpoint=${endpoint}
            .since=${this.recoverSince}
            @close=${() => (this.recovering = false)}
            @recovery-started=${this.refresh}
          ></webhooks-recover>`
        : nothing
    }
    ${
      this.exporting
        ? html`<webhooks-export-dialog
            .context=${context}
            .endpoint=${endpoint}
            .filter=${this.filter}
            @close=${() => (this.exporting = false)}
          ></webhooks-export-dialog>`
        : nothing
    }`;
  }

  private neighbours(): Neighbours | undefined {
    const rows = this.list.rows ?? [];
    const at = rows.findIndex(({ id }) => id === this.delivery);
    if (at < 0) return undefined;
    const place = `${at + 1} of ${rows.length}${this.list.hasMore ? '+' : ''}`;
    return { newer: rows[at - 1]?.id, older: rows[at + 1]?.id, place };
  }

  private stepTo(delivery: string): void {
    this.context.go({ ...this.route, delivery }, { replace: true });
    this.isStepped = true;
    if (this.list.rows?.at(-1)?.id === delivery && this.list.hasMore) void this.list.more();
  }

  private readonly select = (ids: readonly string[], isSelected: boolean): void => {
    const selected = new Set(this.selected);
    for (const id of ids) {
      if (isSelected) selected.add(id);
      else selected.delete(id);
    }
    this.selected = selected;
  };

  private recover(since?: number): void {
    this.recoverSince = since;
    this.recovering = true;
    if (this.delivery) this.closeDrawer();
  }

  private readonly searchFor = (text: string): void => {
    this.typed = text;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      this.change({ search: this.typed });
    }, SEARCH_DELAY_MS);
  };

  private readonly change = (changes: Partial<DeliveryFilter>): void => {
    const query = filterQuery({ ...this.filter, ...changes });
    this.context.go({ ...this.route, query }, { replace: true });
  };

  private narrow(): void {
    if (periodProblem(this.filter)) return;
    // A custom period says nothing before it has a start or an end.
    const { period, from, to } = this.filter;
    if (period === 'custom' && from === undefined && to === undefined) return;
    void this.search();
  }

  private get route(): Extract<Route, { view: 'webhook' }> {
    return { view: 'webhook', id: this.endpoint.id, tab: 'deliveries' };
  }

  private async search(): Promise<void> {
    this.found = undefined;
    this.isGrowing = false;
    const { filter } = this;
    await this.list.restart({ forget: this.list.error !== undefined || this.list.rows === undefined });
    if (isScan(filter)) await this.searchOn();
    if (filter !== this.filter) return;
    const count = this.list.rows?.length ?? 0;
    this.found = `${this.list.hasMore ? 'More than ' : ''}${count} ${count === 1 ? 'delivery' : 'deliveries'}`;
  }

  /** Until there is a page more, but not to the end of the log. */
  private readonly searchOn = async (): Promise<void> => {
    const { filter } = this;
    const wanted = (this.list.rows?.length ?? 0) + PAGE;
    for (let round = 1; round < SEARCH_ROUNDS && filter === this.filter; round++) {
      if (this.list.error || !this.list.hasMore || this.list.rows!.length >= wanted) return;
      await this.list.more();
    }
  };

  /** Relative times go on while the list is paused. */
  private readonly tick = async (): Promise<void> => {
    if (this.paused || isScan(this.filter) || periodProblem(this.filter)) this.requestUpdate();
    else await this.refresh();
  };

  private readonly refresh = async (): Promise<void> => {
    if (isScan(this.filter)) return this.search();
    this.refreshing = true;
    const refreshed = this.list.refresh();
    this.refreshing = false;
    await refreshed;
  };

  private pageSize(cursor: string | undefined): number {
    if (this.refreshing) return this.refreshSize();
    return cursor === undefined ? PAGE : LARGEST_PAGE;
  }

  /** As many as are shown, so that pages which were added stay live too, up to what one request gives. */
  private refreshSize(): number {
    return Math.min(LARGEST_PAGE, Math.max(PAGE, this.list.rows?.length ?? 0));
  }

  /** The button goes with the last page: the focus moves on to what it brought. */
  private readonly showMore = async (): Promise<void> => {
    const known = this.list.rows?.length ?? 0;
    const isSearch = isScan(this.filter);
    this.isGrowing = !isSearch;
    await (isSearch ? this.searchOn() : this.list.more());
    await this.updateComplete;
    if (this.list.hasMore || this.list.error) return;
    this.focusRow(this.list.rows?.[known]?.id);
  };

  private readonly pause = (): void => {
    this.paused = !this.paused;
    if (!this.paused) void this.refresh();
  };

  private readonly closeDrawer = (): void => {
    this.context.close(this.route);
  };

  private focusRow(id: string | undefined): void {
    this.querySelector<HTMLElement>(`[data-row="${id}"] .log-open`)?.focus();
  }

  /** The dialog gives the focus back to the row that opened it; after a reload there was none. */
  private keepFocus(delivery: string): void {
    const root = this.getRootNode();
    if (!(root instanceof ShadowRoot) || (root.activeElement !== null && !this.isStepped)) return;
    this.isStepped = false;
    this.focusRow(delivery);
  }
}
