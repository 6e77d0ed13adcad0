import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookEventTypeDescription,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import type { Neighbours } from './delivery-detail.view.js';
import {
  customPeriod,
  deliveryFilters,
  filterOf,
  filterQuery,
  isFiltered,
  NO_FILTER,
  periodProblem,
  queryOf,
  type DeliveryFilter,
} from '../parts/delivery-filters.js';
import { deliveryTable } from '../parts/delivery-table.js';
import { empty, failure, loadingRows, messageOf } from '../parts/states.js';
import type { Route, RouteQuery } from '../routing/route.js';
import { ChunkWindow } from '../state/chunk-window.js';
import { Chunks } from '../state/chunks.js';
import { rememberTrouble } from '../state/missed-since.js';
import { PagedList } from '../state/paged-list.js';
import { poll } from '../state/poller.js';

const REFRESH_MS = 5_000;
const PAGE = 50;
const LARGEST_PAGE = 250;

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
    poll(this, this.tick, REFRESH_MS);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('endpoint') && changed.get('endpoint')?.id !== this.endpoint.id;
    if (changed.has('endpoint')) rememberTrouble(this.endpoint);
    const filter = filterOf(this.query);
    const isNarrowed = changed.has('query') && JSON.stringify(filter) !== JSON.stringify(this.filter);
    if (isNarrowed) this.filter = filter;
    if (isOther) void this.list.restart();
    else if (isNarrowed) this.narrow();
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
      <div class="toolbar log-bar">
        ${deliveryFilters(this.filter, this.types, this.change, this.unfolded)}
        ${this.filter.period === 'custom' ? customPeriod(this.filter, this.change) : nothing}
        <div class="row log-actions">
          <button
            type="button"
            class="button narrow-only"
            aria-expanded=${this.unfolded}
            @click=${() => (this.unfolded = !this.unfolded)}
          >
            ${isFiltered(this.filter) ? 'Filters (on)' : 'Filters'}
          </button>
          ${this.live()}
          <button
            type="button"
            class="button"
            aria-label="Recover missed events…"
            @click=${() => (this.recovering = true)}
          >
            <span>Recover<span class="wide-only"> missed events</span>…</span>
          </button>
        </div>
      </div>
      <p class="sr-only" role="status">${this.found}</p>
      <div class="card ${this.found === undefined ? 'log-stale' : ''}">${this.content()}</div>
      ${this.dialogs()}
    </div>`;
  }

  private live(): TemplateResult {
    const lost = this.list.error !== undefined;
    const text = this.paused ? 'Paused' : lost ? 'Not connected' : 'Live';
    return html`<span class="log-live small ${this.paused || lost ? 'muted' : 'on'}">${text}</span>
      <button
        type="button"
        class="button quiet small"
        aria-label=${this.paused ? 'Resume live updates' : 'Pause live updates'}
        @click=${this.pause}
      >
        ${this.paused ? 'Resume' : 'Pause'}
      </button>`;
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
    })}
    ${
      this.list.hasMore
        ? html`<div class="more" data-end>
            <button type="button" class="button" @click=${this.showMore}>Show more</button>
          </div>`
        : nothing
    }`;
  }

  private nothingThere(): TemplateResult {
    if (isFiltered(this.filter)) {
      const clear = html`<button type="button" class="button" @click=${() => this.change(NO_FILTER)}>
        Clear filters
      </button>`;
      return empty('search', 'No delivery matches', 'Choose another status, event type or period.', clear);
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
            @close=${() => (this.recovering = false)}
            @recovery-started=${this.refresh}
          ></webhooks-recover>`
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
    await this.list.restart({ forget: this.list.error !== undefined });
    if (filter !== this.filter) return;
    const count = this.list.rows?.length ?? 0;
    this.found = `${this.list.hasMore ? 'More than ' : ''}${count} ${count === 1 ? 'delivery' : 'deliveries'}`;
  }

  /** Relative times go on while the list is paused. */
  private readonly tick = async (): Promise<void> => {
    if (this.paused || periodProblem(this.filter)) this.requestUpdate();
    else await this.refresh();
  };

  private readonly refresh = async (): Promise<void> => {
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
    this.isGrowing = true;
    await this.list.more();
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
