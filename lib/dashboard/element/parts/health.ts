import { html, type TemplateResult } from 'lit';
import type { WebhookEndpointStatsView } from '../api/api-types.js';
import { percent, sparkline, successRate } from './sparkline.js';

/** What was sent in the last day; a grey bar until that is loaded. */
export function health(stats: WebhookEndpointStatsView | undefined, isMissing: boolean): TemplateResult {
  if (!stats) {
    return isMissing
      ? html`<span class="muted small">Not available</span>`
      : html`<div class="skeleton health"></div>`;
  }
  const rate = successRate(stats.total);
  return html`<div class="row health">
    ${sparkline(stats)}
    <span class="numeric ${rate === null ? 'muted' : ''}"
      >${rate === null ? 'No traffic' : percent(rate)}</span
    >
  </div>`;
}
