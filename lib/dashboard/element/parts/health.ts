import { html, type TemplateResult } from 'lit';
import type { WebhookEndpointStatsView } from '../api/api-types.js';
import { percent, sparkline, successRate } from './sparkline.js';
import { t } from '../texts/t.js';

/** Shows the attempts of the last day, or a grey bar until they are loaded. */
export function health(stats: WebhookEndpointStatsView | undefined, isMissing: boolean): TemplateResult {
  if (!stats) {
    return isMissing
      ? html`<span class="muted small">${t('list.no-health')}</span>`
      : html`<div class="skeleton health"></div>`;
  }
  const rate = successRate(stats.total);
  return html`<div class="row health">
    ${sparkline(stats)}
    <span class="numeric ${rate === null ? 'muted' : ''}"
      >${rate === null ? t('list.no-traffic') : percent(rate)}</span
    >
  </div>`;
}
