import { html, type TemplateResult } from 'lit';
import type { WebhookEventSummaryView } from '../api/api-types.js';

type Counts = WebhookEventSummaryView['deliveryCounts'];

/** What needs a look comes last, where the line ends. */
const WORDS: readonly (readonly [keyof Counts, string, string])[] = [
  ['succeeded', 'succeeded', 'success'],
  ['pending', 'pending', ''],
  ['canceled', 'canceled', ''],
  ['failed', 'failed', 'failure'],
];

export const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** `3 succeeded · 1 failed`. */
export function deliveryCounts(counts: Counts): TemplateResult {
  const some = WORDS.filter(([status]) => counts[status] > 0);
  if (some.length === 0) return html`<span class="muted">No matching webhook</span>`;
  return html`<span class="counts numeric"
    >${some.map(
      ([status, word, tone], index) =>
        html`${index > 0 ? html`<span class="muted"> · </span>` : ''}<span class="nowrap ${tone}"
            >${counts[status].toLocaleString()} ${word}</span
          >`,
    )}</span
  >`;
}
