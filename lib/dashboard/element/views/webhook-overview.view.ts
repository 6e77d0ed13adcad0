import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { WebhookEndpointView, WebhookStatsView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import type { RouteQuery } from '../routing/route.js';
import {
  PERIODS,
  attemptsChart,
  periodQuery,
  responseTimeChart,
  type ChartSpec,
  type Period,
} from '../parts/chart-data.js';
import { percent, successRate } from '../parts/sparkline.js';
import { failure, loadingRows } from '../parts/states.js';
import { duration } from '../parts/time.js';
import { Loader } from '../state/loader.js';
import { poll } from '../state/poller.js';
import { language, type Language } from '../texts/language.js';
import { messageOf } from '../texts/error-texts.js';
import { formatNumber, t } from '../texts/t.js';

const REFRESH_MS = 30_000;

interface Loaded {
  readonly endpointId: string;
  readonly period: Period;
  readonly stats: WebhookStatsView;
}

/** Shows the health of a webhook as numbers and charts. */
export class WebhookOverviewView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    query: { attribute: false },
  };
  declare endpoint: WebhookEndpointView;
  declare query: RouteQuery | undefined;
  private drawn: { loaded: Loaded; language: Language; specs: readonly ChartSpec[] } | undefined;

  private readonly loader = new Loader<Loaded>(this, async (signal) => {
    const { period } = this;
    const endpointId = this.endpoint.id;
    const stats = await this.context.api.stats(endpointId, periodQuery(period, Date.now()), signal);
    return { endpointId, period, stats };
  });

  constructor() {
    super();
    poll(this, () => this.loader.run(), REFRESH_MS);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const known = changed.get('endpoint') as WebhookEndpointView | undefined;
    // The parent passes a new object with the same id at each reload.
    if (changed.has('endpoint') && known?.id !== this.endpoint.id) void this.loader.run({ forget: true });
    else if (changed.has('query') && this.loader.value?.period !== this.period) void this.loader.run();
  }

  /** Draws again only if the numbers or the language have changed. */
  private charts(loaded: Loaded): readonly ChartSpec[] {
    const { stats, period } = loaded;
    if (this.drawn?.loaded !== loaded || this.drawn.language !== language()) {
      const specs = [attemptsChart(stats, period, this.openDeliveries), responseTimeChart(stats)];
      this.drawn = { loaded, language: language(), specs };
    }
    return this.drawn.specs;
  }

  private readonly openDeliveries = (from: number, to: number): void => {
    const attempted = {
      attemptedFrom: new Date(from).toISOString(),
      attemptedTo: new Date(to).toISOString(),
    };
    const query = { ...attempted, tests: 'without' };
    this.context.go({ view: 'webhook', id: this.endpoint.id, tab: 'deliveries', query });
  };

  private get period(): Period {
    const period = this.query?.period;
    return period !== undefined && Object.hasOwn(PERIODS, period) ? (period as Period) : 'day';
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <div class="row apart">
        <h3>${t(PERIODS[this.period].label)}</h3>
        <div class="segments" role="group" aria-label=${t('stats.period')}>
          ${(Object.keys(PERIODS) as Period[]).map((period) => this.periodButton(period))}
        </div>
      </div>
      ${this.content()}
    </div>`;
  }

  private periodButton(period: Period): TemplateResult {
    return html`<button
      type="button"
      aria-pressed=${period === this.period}
      aria-label=${t(PERIODS[period].label)}
      @click=${() => this.choose(period)}
    >
      ${t(`period.${period}`)}
    </button>`;
  }

  private choose(period: Period): void {
    const query = { period: period === 'day' ? '' : period };
    this.context.go({ view: 'webhook', id: this.endpoint.id, tab: 'overview', query }, { replace: true });
  }

  private content(): unknown {
    const { value, error, loading } = this.loader;
    if (!value) {
      if (!error || loading) return html`<div class="card">${loadingRows(8)}</div>`;
      return html`<div class="card">${failure(error, () => void this.loader.run())}</div>`;
    }
    // While another period loads, the old charts stay, marked as outdated.
    const isOld = value.period !== this.period;
    return html`${error ? html`<p class="problem" role="alert">${messageOf(error)}</p>` : nothing}
      <div class="stack ${isOld ? 'outdated' : ''}" aria-busy=${isOld}>
        ${numbers(value.stats)}
        ${this.charts(value).map((spec) => html`<webhooks-chart .spec=${spec}></webhooks-chart>`)}
      </div>`;
  }
}

/** Shows numbers of attempts, because the routes count attempts. */
function numbers({ total }: WebhookStatsView): TemplateResult {
  const { succeeded, retrying, failed, p50Ms, p95Ms } = total;
  const rate = successRate(total);
  const facts: readonly [string, string, string][] = [
    [t('status.succeeded'), formatNumber(succeeded), ''],
    [t('status.retried'), formatNumber(retrying), retrying > 0 ? 'warning' : ''],
    [t('status.failed'), formatNumber(failed), failed > 0 ? 'failure' : ''],
    [t('stats.success-rate'), rate === null ? '–' : percent(rate), ''],
    [t('stats.median'), p50Ms === null ? '–' : duration(p50Ms), ''],
    [t('stats.p95'), p95Ms === null ? '–' : duration(p95Ms), ''],
  ];
  return html`<dl class="card figures">
    ${facts.map(
      ([label, value, tone]) =>
        html`<div class=${tone}>
          <dt>${label}</dt>
          <dd class="numeric">${value}</dd>
        </div>`,
    )}
  </dl>`;
}
