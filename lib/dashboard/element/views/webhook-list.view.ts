import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type {
  WebhookDeliveryView,
  WebhookEndpointStatsView,
  WebhookEndpointView,
  WebhookPageView,
} from '../api/api-types.js';
import type { Query } from '../api/http.js';
import { DashboardView } from '../dashboard-view.js';
import { periodQuery } from '../parts/chart-data.js';
import { eventChips } from '../parts/event-chips.js';
import { statusWords } from '../parts/advice.js';
import type { Choice } from '../parts/delivery-filters.js';
import { health } from '../parts/health.js';
import { icon } from '../parts/icon.js';
import { link, openRow } from '../parts/link.js';
import { empty, failure, loadingRows } from '../parts/states.js';
import { errorWords } from '../parts/response.js';
import { toggle } from '../parts/switch.js';
import { needsAttention, webhookTrouble } from '../parts/webhook-status.js';
import type { RouteQuery } from '../routing/route.js';
import { activate } from '../state/activation.js';
import { Debounce } from '../state/debounce.js';
import { PagedList } from '../state/paged-list.js';
import { poll } from '../state/poller.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

const PAGE = 50;
const SEARCH_DELAY_MS = 250;
const REFRESH_MS = 15_000;

/**
 * The routes filter by health, so that the filter covers all webhooks and not only the loaded ones. The keys
 * appear in the address.
 */
const HEALTH: Readonly<Record<string, Query>> = {
  attention: { failing: true },
  healthy: { failing: false, active: true },
  off: { active: false },
};
const HEALTH_CHOICES: readonly Choice[] = [
  ['', () => t('health.all')],
  ['attention', () => t('health.attention')],
  ['healthy', () => t('health.healthy')],
  ['off', () => t('paused')],
];
const SORT_CHOICES: readonly Choice[] = [
  ['', () => t('list.newest')],
  ['health', () => t('health.health')],
];
/** The query in the address apart from the search, which waits until the reader stops typing. */
const SORTS_AND_FILTERS = ['health', 'sort'];
/** How many of the newest failures are loaded to find the last error of each webhook. */
const FAILURES = 100;
/** For how many webhooks at most an older last error is loaded one by one. */
const OLDER = 20;

/** Lists all webhooks of the customer, with their health. */
export class WebhookListView extends DashboardView {
  static override properties = {
    ...super.properties,
    query: { attribute: false },
    search: { state: true },
    stats: { state: true },
    busy: { state: true },
    unfolded: { state: true },
    withoutStats: { state: true },
    missed: { state: true },
    lastErrors: { state: true },
  };
  declare query: RouteQuery | undefined;
  declare private search: string;
  declare private stats: ReadonlyMap<string, WebhookEndpointStatsView>;
  /** Ids of webhooks that are being turned on or off. */
  declare private busy: ReadonlySet<string>;
  /** Ids of webhooks that show all their event types. */
  declare private unfolded: ReadonlySet<string>;
  /** For each webhook turned on here: the time from which it may have missed events, in epoch ms. */
  declare private missed: ReadonlyMap<string, number>;
  /** For each webhook that needs attention: a delivery that failed. */
  declare private lastErrors: ReadonlyMap<string, WebhookDeliveryView>;
  /** Whether the last request for the health failed. */
  declare private withoutStats: boolean;
  /** Webhooks that need attention, from any page. They stand above the others. */
  private failing: readonly WebhookEndpointView[] = [];
  /** The search that found the rows. The field may already contain a newer one. */
  private found = '';

  private readonly searching = new Debounce(
    this,
    () => {
      // The reader has chosen a filter meanwhile, which took it along: pages that were loaded since then must stay.
      if (this.search === (this.query?.search ?? '')) return;
      this.context.go({ view: 'webhooks', query: { ...this.query, search: this.search } }, { replace: true });
      void this.list.restart({ forget: false });
    },
    SEARCH_DELAY_MS,
  );
  private readonly list = new PagedList<WebhookEndpointView>(this, async (cursor, signal) => {
    const { search } = this;
    const { api } = this.context;
    const filter = this.health;
    const sort = this.query?.sort;
    const isFirst = cursor === undefined && !filter && !sort;
    const [page, failing] = await Promise.all([
      api.endpoints({ ...filter, sort, search, cursor, limit: PAGE }, signal),
      isFirst ? api.endpoints({ search, failing: true, limit: PAGE }, signal) : undefined,
    ]);
    if (!signal.aborted) {
      this.found = search;
      if (failing) this.failing = failing.data.filter(needsAttention);
      else if (filter || sort) this.failing = [];
    }
    const troubled = [...this.failing, ...page.data].filter(needsAttention);
    if (troubled.length > 0) void this.loadErrors(troubled);
    void this.loadStats([...(failing?.data ?? []), ...page.data]);
    return page;
  });

  constructor() {
    super();
    this.search = '';
    this.stats = new Map();
    this.busy = new Set();
    this.unfolded = new Set();
    this.withoutStats = false;
    this.missed = new Map();
    this.lastErrors = new Map();
    poll(this, () => this.list.refresh(), REFRESH_MS);
  }

  private get health(): Query | undefined {
    const { health: chosen = '' } = this.query ?? {};
    return Object.hasOwn(HEALTH, chosen) ? HEALTH[chosen] : undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const search = this.query?.search ?? '';
    if (!this.hasUpdated) this.search = search;
    // The reader went back or followed a link. Otherwise, the typed text is newer than the address.
    else if (
      changed.has('query') &&
      SORTS_AND_FILTERS.some(
        (name) => (changed.get('query') as RouteQuery | undefined)?.[name] !== this.query?.[name],
      )
    ) {
      this.search = search;
      void this.list.restart();
    } else if (changed.has('query') && !this.searching.isWaiting && search !== this.search) {
      this.search = search;
      void this.list.restart({ forget: false });
    }
  }

  protected override firstUpdated(): void {
    void this.list.restart();
  }

  protected override render(): TemplateResult {
    // While the reader clears a search without results, the field must stay on the page.
    const isNew = this.list.rows?.length === 0 && this.search === '' && this.found === '' && !this.health;
    return html`<div class="stack">
      <div class="page-head">
        <div>
          <h2 tabindex="-1">${t('list.heading')}</h2>
          <p class="muted">${t('list.intro')}</p>
        </div>
        ${isNew ? nothing : this.addButton()}
      </div>
      ${isNew ? nothing : this.toolbar()}
      <div class="card">${this.content()}</div>
    </div>`;
  }

  private toolbar(): TemplateResult {
    return html`<div class="toolbar">
      <input
        class="input grow"
        type="search"
        placeholder=${t('list.search')}
        aria-label=${t('list.search.label')}
        maxlength="255"
        .value=${this.search}
        @input=${this.searchFor}
      />
      ${this.select('health', t('health.health'), HEALTH_CHOICES)}
      ${this.select('sort', t('list.sort'), SORT_CHOICES)}
      <p class="muted small numeric" role="status">${this.resultCount()}</p>
    </div>`;
  }

  private select(name: string, label: string, choices: readonly Choice[]): TemplateResult {
    const choose = (event: Event): void => {
      const query = { ...this.query, search: this.search, [name]: (event.target as HTMLSelectElement).value };
      this.context.go({ view: 'webhooks', query }, { replace: true });
    };
    return html`<select class="input" aria-label=${label} @change=${choose}>
      ${choices.map(([value, text]) => html`<option value=${value} .selected=${value === (this.query?.[name] ?? '')}>${text()}</option>`)}
    </select>`;
  }

  private resultCount(): string {
    const { rows, hasMore } = this.list;
    if ((this.found === '' && !this.health) || !rows) return '';
    if (hasMore) return t('list.found-more', { count: rows.length });
    return rows.length === 0 ? t('list.found-none') : t('list.found', { count: rows.length });
  }

  private content(): unknown {
    const { rows, error } = this.list;
    if (!rows) return error ? failure(error, () => void this.list.restart()) : loadingRows();
    if (rows.length === 0) {
      if (this.health && !this.found) return empty('search', t('list.no-match'), t('health.none'));
      return this.found
        ? empty('search', t('list.no-match'), t('list.no-match.text'))
        : empty('inbox', t('list.empty'), t('list.empty.text'), this.addButton());
    }
    return html`${this.table(this.ordered(rows))}
    ${error ? html`<p class="problem table-foot" role="alert">${messageOf(error)}</p>` : nothing}
    ${
      this.list.hasMore
        ? html`<div class="more">
            <button type="button" class="button" aria-disabled=${this.list.loading} @click=${this.showMore}>
              ${t('show-more')}
            </button>
          </div>`
        : nothing
    }`;
  }

  private ordered(rows: readonly WebhookEndpointView[]): readonly WebhookEndpointView[] {
    const above = new Set(this.failing.map(({ id }) => id));
    return [...this.failing, ...rows.filter(({ id }) => !above.has(id))];
  }

  private table(rows: readonly WebhookEndpointView[]): TemplateResult {
    return html`<table class="table cards webhooks">
      <caption class="sr-only">
        ${t('nav.webhooks')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('list.name')}</th>
          <th scope="col" class="events-cell">${t('list.events')}</th>
          <th scope="col" class="health-cell">${t('period.24h')}</th>
          <th scope="col" class="end switch-cell">${t('active')}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          ({ id }) => id,
          (endpoint) => this.row(endpoint),
        )}
      </tbody>
    </table>`;
  }

  private row(endpoint: WebhookEndpointView): TemplateResult {
    const { id, name, url, active } = endpoint;
    const route = { view: 'webhook', id, tab: 'overview' } as const;
    return html`<tr class="opens" @click=${openRow(this.context, route)}>
      <td class="wide endpoint-cell">
        <div class="row">
          ${link(this.context, route, name, { class: 'link plain break name' })} ${webhookTrouble(endpoint)}
        </div>
        <div class="muted small truncate ltr" title=${url}>${url}</div>
        ${this.trouble(endpoint)} ${this.missedBy(endpoint)}
      </td>
      <td class="wide events-cell">
        ${eventChips(endpoint, this.unfolded.has(id), () => this.toggleEvents(id))}
      </td>
      <td class="health-cell">${health(this.stats.get(id), this.withoutStats)}</td>
      <td class="end switch-cell">
        ${toggle({
          checked: active,
          label: t('list.switch', { name }),
          busy: this.busy.has(id),
          change: (checked) => void this.activate(endpoint, checked),
        })}
      </td>
    </tr>`;
  }

  /** Shows the last error of a webhook, and the buttons that help. */
  private trouble(endpoint: WebhookEndpointView): unknown {
    if (!needsAttention(endpoint)) return nothing;
    const { id, name, active } = endpoint;
    const { statusCode, errorCode } = this.lastErrors.get(id) ?? { statusCode: null, errorCode: null };
    const response = errorCode ?? statusCode?.toString() ?? '';
    const words = errorCode === null ? statusCode !== null && statusWords(statusCode) : errorWords(errorCode);
    const failures = { view: 'webhook', id, tab: 'deliveries', query: { response } } as const;
    return html`<div class="row trouble">
      ${words ? html`<span class="small">${t('list.last-error', { response: words })}</span>` : nothing}
      ${link(this.context, failures, t('list.failures'), { class: 'button small', label: t('list.failures.label', { name }) })}
      ${
        active
          ? nothing
          : html`<button
              type="button"
              class="button small"
              aria-label=${t('list.turn-on', { name })}
              @click=${(event: Event) => this.turnOn(endpoint, event)}
            >
              ${t('recover.turn-on')}
            </button>`
      }
    </div>`;
  }

  /** The pressed button disappears, so the focus moves to the switch. */
  private turnOn(endpoint: WebhookEndpointView, { currentTarget }: Event): void {
    (currentTarget as HTMLElement).closest('tr')!.querySelector<HTMLElement>('.switch')!.focus();
    void this.activate(endpoint, true);
  }

  private missedBy(endpoint: WebhookEndpointView): unknown {
    const since = this.missed.get(endpoint.id);
    if (since === undefined) return nothing;
    return html`<webhooks-missed
      .context=${this.context}
      .endpoint=${endpoint}
      .since=${since}
      @close=${() => this.noteMissed(endpoint.id, undefined)}
    ></webhooks-missed>`;
  }

  private noteMissed(id: string, since: number | undefined): void {
    const others = [...this.missed].filter(([other]) => other !== id);
    this.missed = new Map(since === undefined ? others : [...others, [id, since]]);
  }

  private readonly toggleEvents = (id: string): void => {
    this.unfolded = this.unfolded.has(id) ? without(this.unfolded, id) : new Set([...this.unfolded, id]);
  };

  private addButton(): TemplateResult {
    return link(this.context, { view: 'new' }, html`${icon('plus')} ${t('list.add')}`, {
      class: 'button primary',
    });
  }

  /** After the last page, the button disappears, so the focus moves to the first new row. */
  private readonly showMore = async (): Promise<void> => {
    const known = this.ordered(this.list.rows ?? []).length;
    await this.list.more();
    await this.updateComplete;
    if (this.list.hasMore || this.list.error) return;
    this.querySelectorAll('tbody tr')[known]?.querySelector<HTMLElement>('.link')?.focus();
  };

  private readonly searchFor = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value.trim();
    this.searching.ask();
  };

  /**
   * Loads the last error of each webhook. Two requests cover most of them; webhooks whose failures are older
   * get requests of their own, once.
   */
  private async loadErrors(endpoints: readonly WebhookEndpointView[]): Promise<void> {
    try {
      const newest = { test: false, limit: FAILURES };
      const pages = await Promise.all([
        this.context.api.allDeliveries({ ...newest, status: 'failed' }),
        this.context.api.allDeliveries({ ...newest, status: 'pending' }),
      ]);
      this.noteErrors(pages);
      const older = endpoints.filter(({ id }) => !this.lastErrors.has(id)).slice(0, OLDER);
      const some = { test: false, limit: 5 };
      this.noteErrors(
        await Promise.all(
          older.flatMap(({ id }) =>
            ['failed', 'pending'].map((status) => this.context.api.deliveries(id, { ...some, status })),
          ),
        ),
      );
    } catch (error) {
      console.warn(error);
    }
  }

  private noteErrors(pages: readonly WebhookPageView<WebhookDeliveryView>[]): void {
    const failed = pages
      .flatMap(({ data }) => data)
      .filter(({ statusCode, errorCode }) => statusCode !== null || errorCode !== null)
      // The newest delivery of each webhook comes last, so the map keeps it.
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    this.lastErrors = new Map([
      ...this.lastErrors,
      ...failed.map((delivery) => [delivery.endpointId, delivery] as const),
    ]);
  }

  /** Loads the health after the list is shown. If that fails, the list stays without it. */
  private async loadStats(endpoints: readonly WebhookEndpointView[]): Promise<void> {
    if (endpoints.length === 0) return;
    try {
      const { data } = await this.context.api.endpointStats(
        [...new Set(endpoints.map(({ id }) => id))],
        periodQuery('day', Date.now()),
      );
      this.stats = new Map([...this.stats, ...data.map((stats) => [stats.endpointId, stats] as const)]);
      this.withoutStats = false;
    } catch (error) {
      this.withoutStats = true;
      console.warn(error);
    }
  }

  private async activate(endpoint: WebhookEndpointView, active: boolean): Promise<void> {
    const { id } = endpoint;
    this.busy = new Set([...this.busy, id]);
    await activate(this.context, endpoint, active, (changed, since) => {
      this.failing = this.failing.map((row) => (row.id === id ? changed : row));
      this.list.replace(changed);
      this.noteMissed(id, since);
    });
    this.busy = without(this.busy, id);
  }
}

const without = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((other) => other !== id));
