import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookEndpointStatsView, WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { icon } from '../parts/icon.js';
import { link } from '../parts/link.js';
import { percent, sparkline, successRate } from '../parts/sparkline.js';
import { empty, failure, loadingRows, messageOf } from '../parts/states.js';
import { badge } from '../parts/status.js';
import { toggle } from '../parts/switch.js';
import { timeFromNow } from '../parts/time.js';
import { PagedList } from '../state/paged-list.js';
import { poll } from '../state/poller.js';

const SEARCH_DELAY_MS = 250;
const REFRESH_MS = 15_000;
const SHOWN_EVENTS = 2;
/** A single failed attempt is no news. */
const FAILING_AFTER_MS = 60_000;

/** All webhooks of the customer, with how they do. */
export class WebhookListView extends DashboardView {
  static override properties = {
    ...super.properties,
    search: { state: true },
    stats: { state: true },
    busy: { state: true },
  };
  declare private search: string;
  declare private stats: ReadonlyMap<string, WebhookEndpointStatsView>;
  /** Ids of those that are being turned on or off. */
  declare private busy: ReadonlySet<string>;
  private timer: number | undefined;

  private readonly list = new PagedList<WebhookEndpointView>(this, async (cursor, signal) => {
    const page = await this.context.api.endpoints({ search: this.search, cursor, limit: 50 }, signal);
    void this.loadStats(page.data);
    return page;
  });

  constructor() {
    super();
    this.search = '';
    this.stats = new Map();
    this.busy = new Set();
    poll(this, () => this.list.refresh(), REFRESH_MS);
  }

  protected override firstUpdated(): void {
    void this.list.restart();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { rows } = this.list;
    const isNew = rows?.length === 0 && this.search === '';
    return html`<div class="stack">
      <div class="page-head">
        <div>
          <h2 tabindex="-1">Your webhooks</h2>
          <p class="muted">Your server is told when something happens, by a request to a URL of yours.</p>
        </div>
        ${isNew ? nothing : this.addButton()}
      </div>
      ${
        isNew
          ? nothing
          : html`<div class="toolbar">
              <input
                class="input grow"
                type="search"
                placeholder="Search by name or URL"
                aria-label="Search webhooks by name or URL"
                maxlength="255"
                .value=${this.search}
                @input=${this.searchFor}
              />
            </div>`
      }
      <div class="card">${this.content()}</div>
    </div>`;
  }

  private content(): unknown {
    const { rows, error } = this.list;
    if (!rows) return error ? failure(error, () => void this.list.restart()) : loadingRows();
    if (rows.length === 0) {
      return this.search
        ? empty('search', 'No webhook matches', 'Try a part of its name or of its URL.')
        : empty(
            'inbox',
            'No webhooks yet',
            'Add one, choose the events that your server wants to hear of, and send a test.',
            this.addButton(),
          );
    }
    return html`<table class="table cards">
        <caption class="sr-only">
          Webhooks
        </caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Events</th>
            <th scope="col">Last 24 hours</th>
            <th scope="col" class="end">Active</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ id }) => id,
            (endpoint) => this.row(endpoint),
          )}
        </tbody>
      </table>
      ${error ? html`<p class="problem table-foot" role="alert">${messageOf(error)}</p>` : nothing}
      ${
        this.list.hasMore
          ? html`<div class="more">
              <button
                type="button"
                class="button"
                ?disabled=${this.list.loading}
                @click=${() => this.list.more()}
              >
                Show more
              </button>
            </div>`
          : nothing
      }`;
  }

  private row(endpoint: WebhookEndpointView): TemplateResult {
    const { id, name, url, events, active } = endpoint;
    return html`<tr>
      <td class="wide endpoint-cell">
        <div class="row">
          ${link(this.context, { view: 'webhook', id, tab: 'overview' }, name, { class: 'link plain break' })}
          ${this.trouble(endpoint)}
        </div>
        <div class="muted small truncate" title=${url}>${url}</div>
      </td>
      <td class="wide">
        <div class="row chips">
          ${events.slice(0, SHOWN_EVENTS).map((event) => html`<span class="chip">${event === '*' ? 'all events' : event}</span>`)}
          ${
            events.length > SHOWN_EVENTS
              ? html`<span class="muted small" title=${events.slice(SHOWN_EVENTS).join(', ')}
                  >+${events.length - SHOWN_EVENTS}</span
                >`
              : nothing
          }
        </div>
      </td>
      <td class="tight">${this.health(id)}</td>
      <td class="end tight">
        ${toggle({
          checked: active,
          label: `${name} is active`,
          busy: this.busy.has(id),
          change: (checked) => void this.activate(endpoint, checked),
        })}
      </td>
    </tr>`;
  }

  private trouble({ active, disabledReason, disabledAt, failingSince }: WebhookEndpointView): unknown {
    if (disabledReason === 'gone') return html`${badge('Disabled: answered 410 Gone', 'failure')}`;
    if (disabledReason) return html`${badge('Disabled: kept failing', 'failure')} ${timeFromNow(disabledAt)}`;
    if (active && failingSince && Date.now() - Date.parse(failingSince) > FAILING_AFTER_MS) {
      return html`${badge('Failing', 'warning')}
        <span class="muted small">since ${timeFromNow(failingSince)}</span>`;
    }
    return active ? nothing : badge('Off');
  }

  private health(id: string): unknown {
    const stats = this.stats.get(id);
    if (!stats) return html`<div class="skeleton health"></div>`;
    const rate = successRate(stats.total);
    return html`<div class="row health">
      ${sparkline(stats)}
      <span class="numeric ${rate === null ? 'muted' : ''}"
        >${rate === null ? 'No traffic' : percent(rate)}</span
      >
    </div>`;
  }

  private addButton(): TemplateResult {
    return link(this.context, { view: 'new' }, html`${icon('plus')} Add webhook`, {
      class: 'button primary',
    });
  }

  private readonly searchFor = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value.trim();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.list.restart({ forget: false }), SEARCH_DELAY_MS);
  };

  /** The list is shown before it; where it fails, the health stays out. */
  private async loadStats(endpoints: readonly WebhookEndpointView[]): Promise<void> {
    if (endpoints.length === 0) return;
    try {
      const { data } = await this.context.api.endpointStats(
        endpoints.map(({ id }) => id),
        { bucket: '1h' },
      );
      this.stats = new Map([...this.stats, ...data.map((stats) => [stats.endpointId, stats] as const)]);
    } catch (error) {
      console.warn(error);
    }
  }

  private async activate({ id, name }: WebhookEndpointView, active: boolean): Promise<void> {
    this.busy = new Set([...this.busy, id]);
    try {
      this.list.replace(await this.context.api.update(id, { active }));
      this.context.notify(`${name} is ${active ? 'on' : 'off'}.`);
    } catch (error) {
      this.context.notify(messageOf(error), 'error');
    }
    this.busy = new Set([...this.busy].filter((other) => other !== id));
  }
}
