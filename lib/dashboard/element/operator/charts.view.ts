import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { failure, loadingRows } from '../parts/states.js';
import { Loader } from '../state/loader.js';
import { poll } from '../state/poller.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';
import { lagChart, PERIODS, volumeChart, type OperatorPeriod } from './charts.js';
import type { OperatorLagView, WebhookStatsView } from './operator-types.js';
import { OperatorView } from './operator-view.js';

const REFRESH_MS = 60_000;

interface Loaded {
  readonly period: OperatorPeriod;
  readonly stats: WebhookStatsView;
  /** The lag of all tenants. */
  readonly lag: OperatorLagView | undefined;
}

/** Shows the volume over time; without a tenant, also the lag. */
export class ChartsView extends OperatorView {
  static override properties = {
    ...super.properties,
    tenant: { attribute: false },
    period: { state: true },
  };
  /** Default: all tenants. */
  declare tenant: string | undefined;
  declare private period: OperatorPeriod;

  private readonly loader = new Loader<Loaded>(this, async (signal) => {
    const { period, tenant } = this;
    const { query } = PERIODS[period];
    const [stats, lag] = await Promise.all([
      this.context.api.stats(query, tenant, signal),
      tenant === undefined ? this.context.api.lag(query, signal) : undefined,
    ]);
    return { period, stats, lag };
  });

  constructor() {
    super();
    this.period = 'day';
    poll(this, () => this.reload(), REFRESH_MS);
  }

  protected reload(): Promise<void> {
    return this.loader.run();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!this.hasUpdated) void this.reload();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<section class="stack">
      <div class="row apart">
        <h3>${t('ops.over-time')}</h3>
        <div class="segments" role="group" aria-label=${t('stats.period')}>
          ${(Object.keys(PERIODS) as OperatorPeriod[]).map(
            (period) =>
              html`<button
                type="button"
                aria-pressed=${period === this.period}
                @click=${() => this.choose(period)}
              >
                ${t(`ops.period.${period}`)}
              </button>`,
          )}
        </div>
      </div>
      ${value && error ? html`<p class="problem" role="alert">${messageOf(error)}</p>` : nothing}
      ${
        value
          ? this.charts(value)
          : html`<div class="card">${error ? failure(error, () => void this.reload()) : loadingRows(6)}</div>`
      }
    </section>`;
  }

  private choose(period: OperatorPeriod): void {
    this.period = period;
    void this.reload();
  }

  private charts({ stats, lag, period }: Loaded): TemplateResult {
    return html`<div class="${lag ? 'columns' : ''} ${period === this.period ? '' : 'outdated'}">
      <webhooks-chart .spec=${volumeChart(stats, period)}></webhooks-chart>
      ${lag ? html`<webhooks-chart .spec=${lagChart(lag, period)}></webhooks-chart>` : nothing}
    </div>`;
  }
}
