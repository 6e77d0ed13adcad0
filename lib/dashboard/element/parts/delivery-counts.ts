import { html, type TemplateResult } from 'lit';
import type { WebhookEventSummaryView } from '../api/api-types.js';
import { t } from '../texts/t.js';

type Counts = WebhookEventSummaryView['deliveryCounts'];

/** The order of the counts. Failures come last, at the end of the line, because readers look for them. */
const TONES = [
  ['succeeded', 'success'],
  ['pending', ''],
  ['canceled', ''],
  ['failed', 'failure'],
] as const satisfies readonly (readonly [keyof Counts, string])[];

export const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Shows the counts that aren't 0, such as `3 succeeded · 1 failed`. */
export function deliveryCounts(counts: Counts): TemplateResult {
  const some = TONES.filter(([status]) => counts[status] > 0);
  if (some.length === 0) return html`<span class="muted">${t('count.none')}</span>`;
  return html`<span class="counts numeric"
    >${some.map(
      ([status, tone], index) =>
        html`${index > 0 ? html`<span class="muted"> · </span>` : ''}<span class="nowrap ${tone}"
            >${t(`count.${status}`, { count: counts[status] })}</span
          >`,
    )}</span
  >`;
}
