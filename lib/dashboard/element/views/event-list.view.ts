import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookEventSummaryView, WebhookEventTypeDescription } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { deliveryCounts } from '../parts/delivery-counts.js';
import { testBadge } from '../parts/delivery-table.js';
import {
  NO_EVENT_FILTER,
  eventFilterOf,
  eventFilters,
  eventQuery,
  isNarrowed,
  type EventFilter,
} from '../parts/event-filters.js';
import { link, openRow } from '../parts/link.js';
import { empty, failure, loadingRows } from '../parts/states.js';
import { timeFromNow } from '../parts/time.js';
import type { RouteQuery } from '../routing/route.js';
import { ChunkWindow } from '../state/chunk-window.js';
import { Chunks } from '../state/chunks.js';
import { PagedList } from '../state/paged-list.js';
import { poll } from '../state/poller.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

const REFRESH_MS = 5_000;
const PAGE = 50;
const LARGEST_PAGE = 250;

/** Lists the emitted events, and the webhooks that received them. */
export class EventListView extends DashboardView {
  static override properties = {
    ...super.properties,
    query: { attribute: false },
    types: { state: true },
    news: { state: true },
  };
  declare query: RouteQuery | undefined;
  private filter: EventFilter = NO_EVENT_FILTER;
  declare private types: readonly WebhookEventTypeDescription[];
  /** How many events have arrived since the last choice of the reader, for screen readers. */
  declare private news: number;

  private readonly list = new PagedList<WebhookEventSummaryView>(this, (cursor, signal) =>
    this.context.api.events(
      { ...eventQuery(this.filter), cursor, limit: cursor ? LARGEST_PAGE : PAGE },
      signal,
    ),
  );

  /** Whether the reader has asked for more. Then the next pages load while scrolling. */
  private isGrowing = false;
  private readonly chunks = new Chunks<WebhookEventSummaryView>();
  private readonly window = new ChunkWindow(this, () => {
    if (this.isGrowing && !this.list.loading && !this.list.error) void this.list.more();
  });

  constructor() {
    super();
    this.types = [];
    this.news = 0;
    poll(this, () => this.refresh(), REFRESH_MS);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('query') && this.hasUpdated) return;
    const filter = eventFilterOf(this.query);
    if (this.hasUpdated && JSON.stringify(filter) === JSON.stringify(this.filter)) return;
    this.filter = filter;
    this.news = 0;
    this.isGrowing = false;
    void this.list.restart({ forget: false });
  }

  protected override firstUpdated(): void {
    // Without the catalogue, the filter offers no event types; the list works.
    this.context.eventTypes().then((types) => (this.types = types), console.warn);
  }

  protected override render(): TemplateResult {
    const isNew = this.list.rows?.length === 0 && !isNarrowed(this.filter);
    return html`<div class="stack">
      <div>
        <h2 tabindex="-1">${t('events.heading')}</h2>
        <p class="muted">${t('events.intro')}</p>
      </div>
      ${isNew ? nothing : eventFilters(this.filter, this.types, this.narrow)}
      <div class="card">${this.content()}</div>
      <p class="sr-only" role="status">${this.news > 0 ? t('events.new', { count: this.news }) : nothing}</p>
    </div>`;
  }

  private content(): unknown {
    const { rows, error, hasMore, loading } = this.list;
    if (!rows) return error ? failure(error, () => void this.list.restart()) : loadingRows();
    if (rows.length === 0) return isNarrowed(this.filter) ? this.noMatch() : this.noEvents();
    return html`${this.table(rows)}
    ${error ? html`<p class="problem events-problem" role="alert">${messageOf(error)}</p>` : nothing}
    ${
      hasMore
        ? html`<div class="more" data-end>
            <button type="button" class="button" aria-disabled=${loading} @click=${this.showMore}>
              ${t('show-more')}
            </button>
          </div>`
        : nothing
    }`;
  }

  private table(rows: readonly WebhookEventSummaryView[]): TemplateResult {
    return html`<table class="table cards">
      <caption class="sr-only">
        ${t('events.caption')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('events.type')}</th>
          <th scope="col">${t('events.deliveries')}</th>
          <th scope="col" class="end">${t('events.created')}</th>
        </tr>
      </thead>
      ${repeat(
        this.chunks.of(rows),
        ({ key }) => key,
        ({ key, rows: own }) =>
          html`<tbody data-chunk=${key}>
            ${
              this.window.isShown(key)
                ? repeat(
                    own,
                    ({ id }) => id,
                    (event) => this.row(event),
                  )
                : html`<tr aria-hidden="true">
                    <td class="space" colspan="3" data-space></td>
                  </tr>`
            }
          </tbody>`,
      )}
    </table>`;
  }

  private row({
    id,
    type,
    test,
    createdAt,
    deliveryCounts: counts,
  }: WebhookEventSummaryView): TemplateResult {
    const route = { view: 'event', id } as const;
    return html`<tr class="opens" @click=${openRow(this.context, route)}>
      <td class="event-type-cell">
        <div class="row">
          ${link(this.context, route, html`<span class="ltr">${type}</span>`, { class: 'link plain break' })}
          ${test ? testBadge() : nothing}
        </div>
      </td>
      <td class="event-counts">${deliveryCounts(counts)}</td>
      <td class="end tight muted">${timeFromNow(createdAt)}</td>
    </tr>`;
  }

  private noMatch(): TemplateResult {
    return empty(
      'search',
      t('events.no-match'),
      t('events.no-match.text'),
      html`<button type="button" class="button" @click=${() => this.narrow(NO_EVENT_FILTER)}>
        ${t('clear-filters')}
      </button>`,
    );
  }

  private noEvents(): TemplateResult {
    return empty(
      'inbox',
      t('events.empty'),
      t('events.empty.text'),
      link(this.context, { view: 'webhooks' }, t('events.go-to-webhooks'), { class: 'button' }),
    );
  }

  private readonly showMore = (): void => {
    this.isGrowing = true;
    void this.list.more();
  };

  private readonly narrow = (changes: Partial<EventFilter>): void => {
    this.context.go({ view: 'events', query: { ...this.filter, ...changes } }, { replace: true });
  };

  private async refresh(): Promise<void> {
    const newest = this.list.rows?.[0]?.id;
    if (!this.list.rows) return;
    await this.list.refresh();
    const count = this.list.rows.findIndex(({ id }) => id === newest);
    if (count > 0) this.news = count;
  }
}
