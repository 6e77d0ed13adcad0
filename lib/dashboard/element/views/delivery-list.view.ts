import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookEventTypeDescription,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { filterOf, filterQuery, isScan, NO_FILTER, type DeliveryFilter } from '../parts/delivery-filters.js';
import { deliveryLog } from '../parts/delivery-log.js';
import { neighboursOf } from '../parts/delivery-steps.js';
import { logBar } from '../parts/log-bar.js';
import type { Route, RouteQuery } from '../routing/route.js';
import { Debounce } from '../state/debounce.js';
import { DeliveryLog } from '../state/delivery-log.js';
import { rememberTrouble } from '../state/missed-since.js';
import { poll } from '../state/poller.js';
import { t } from '../texts/t.js';

const REFRESH_MS = 5_000;
const SEARCH_DELAY_MS = 300;

/** The delivery log of a webhook. The delivery with the id `delivery` is open in a drawer above it. */
export class DeliveryListView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    delivery: { attribute: false },
    query: { attribute: false },
    types: { state: true },
    recovering: { state: true },
    unfolded: { state: true },
    selected: { state: true },
    recoverSince: { state: true },
    exporting: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  declare delivery: string | undefined;
  declare query: RouteQuery | undefined;
  declare private types: readonly WebhookEventTypeDescription[];
  declare private recovering: boolean;
  /** Whether the filters are open on a narrow screen. */
  declare private unfolded: boolean;
  declare private selected: ReadonlySet<string>;
  /** Epoch ms. The recovery starts here instead of at the time from which the webhook missed events. */
  declare private recoverSince: number | undefined;
  declare private exporting: boolean;
  /** The text being typed, before it reaches the address. */
  private typed = '';
  /** Whether the reader has moved to another delivery than the clicked one. */
  private isStepped = false;
  private readonly log = new DeliveryLog(this, (query, signal) =>
    this.context.api.deliveries(this.endpoint.id, query, signal),
  );
  private readonly searching = new Debounce(this, () => this.change({ search: this.typed }), SEARCH_DELAY_MS);

  constructor() {
    super();
    this.types = [];
    this.recovering = false;
    this.unfolded = false;
    this.selected = new Set();
    this.exporting = false;
    poll(this, () => this.log.tick(), REFRESH_MS);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('endpoint') && changed.get('endpoint')?.id !== this.endpoint.id;
    if (changed.has('endpoint')) rememberTrouble(this.endpoint);
    const filter = filterOf(this.query);
    const isNarrowed = changed.has('query') && JSON.stringify(filter) !== JSON.stringify(this.log.filter);
    if (isNarrowed) this.log.filter = filter;
    if (isOther || isNarrowed) this.selected = new Set();
    if (isNarrowed && !this.searching.isWaiting) this.typed = filter.search;
    if (isOther && !isScan(filter)) void this.log.list.restart();
    else if (isOther || isNarrowed) this.log.narrow();
  }

  protected override firstUpdated(): void {
    // Without the catalogue, the filter offers no event types; the rest of the log works.
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
    const { log } = this;
    return html`<div class="stack">
      <h3 class="sr-only">${t('webhook.deliveries')}</h3>
      ${logBar(log, {
        typed: this.typed,
        types: this.types,
        unfolded: this.unfolded,
        search: (text) => {
          this.typed = text;
          this.searching.ask();
        },
        change: this.change,
        unfold: () => (this.unfolded = !this.unfolded),
        exportAll: () => (this.exporting = true),
        recover: () => this.recover(),
      })}
      <p class="sr-only" role="status">${log.found?.()}</p>
      ${this.selection()}
      <div class="card ${log.found === undefined ? 'log-stale' : ''}">
        ${deliveryLog(this.context, log, {
          selected: this.selected,
          select: this.select,
          active: this.endpoint.active,
          showMore: this.showMore,
          clearFilters: () => this.change(NO_FILTER),
        })}
      </div>
      ${this.dialogs()}
    </div>`;
  }

  private selection(): unknown {
    const rows = this.log.rows.filter(({ id }) => this.selected.has(id));
    if (rows.length === 0) return nothing;
    return html`<webhooks-selection
      .context=${this.context}
      .rows=${rows}
      @selected=${({ detail }: CustomEvent<string[]>) => (this.selected = new Set(detail))}
      @resent=${this.log.refresh}
      @since=${({ detail }: CustomEvent<number>) => this.recover(detail)}
    ></webhooks-selection>`;
  }

  private dialogs(): unknown {
    const { context, endpoint } = this;
    return html`${
      this.delivery
        ? html`<webhooks-delivery
            .context=${context}
            .deliveryId=${this.delivery}
            .endpoint=${endpoint}
            .neighbours=${neighboursOf(this.log, this.delivery)}
            @step=${({ detail }: CustomEvent<string>) => this.stepTo(detail)}
            @since=${({ detail }: CustomEvent<number>) => this.recover(detail)}
            @close=${this.closeDrawer}
            @delivery-changed=${({ detail }: CustomEvent<WebhookDeliveryView>) => this.log.list.replace(detail)}
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
            @recovery-started=${this.log.refresh}
          ></webhooks-recover>`
        : nothing
    }
    ${
      this.exporting
        ? html`<webhooks-later
            .heading=${t('export.heading')}
            .content=${() =>
              html`<webhooks-export-dialog
                .context=${context}
                .endpoint=${endpoint}
                .filter=${this.log.filter}
                @close=${this.endExport}
              ></webhooks-export-dialog>`}
            @close=${this.endExport}
          ></webhooks-later>`
        : nothing
    }`;
  }

  private readonly endExport = (): void => {
    this.exporting = false;
  };

  private stepTo(delivery: string): void {
    this.context.go({ ...this.route, delivery }, { replace: true });
    this.isStepped = true;
    const { list, rows } = this.log;
    if (rows.at(-1)?.id === delivery && list.hasMore) void list.more();
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

  private readonly change = (changes: Partial<DeliveryFilter>): void => {
    const query = filterQuery({ ...this.log.filter, ...changes });
    this.context.go({ ...this.route, query }, { replace: true });
  };

  private get route(): Extract<Route, { view: 'webhook' }> {
    return { view: 'webhook', id: this.endpoint.id, tab: 'deliveries' };
  }

  /** After the last page, the button disappears, so the focus moves to the first new row. */
  private readonly showMore = async (): Promise<void> => {
    const known = this.log.rows.length;
    await this.log.more();
    await this.updateComplete;
    const { list, rows } = this.log;
    if (!list.hasMore && !list.error) this.focusRow(rows[known]?.id);
  };

  private readonly closeDrawer = (): void => {
    this.context.close(this.route);
  };

  private focusRow(id: string | undefined): void {
    this.querySelector<HTMLElement>(`[data-row="${id}"] .log-open`)?.focus();
  }

  /**
   * Focuses the row of the closed delivery, unless the dialog has already returned the focus to the row that
   * opened it. After a reload of the page, no row did.
   */
  private keepFocus(delivery: string): void {
    const root = this.getRootNode();
    if (!(root instanceof ShadowRoot) || (root.activeElement !== null && !this.isStepped)) return;
    this.isStepped = false;
    this.focusRow(delivery);
  }
}
