import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookAttemptView, WebhookDeliveryView } from '../api/api-types.js';
import { rich, t } from '../texts/t.js';
import { icon } from './icon.js';
import { responseWords } from './response.js';
import { duration, timeToTheSecond } from './time.js';

/** Only the newest attempts are shown: a delivery may have been resent a hundred times. */
const SHOWN = 12;

/**
 * Draws the attempts on a line, oldest first, then the planned one. Gaps grow with their durations as far as
 * the width allows, and show them as text. A single attempt gets no line.
 * @param open shows the attempt with this id
 */
export function timeline(
  newestFirst: readonly WebhookAttemptView[],
  delivery: WebhookDeliveryView,
  open: (id: string) => void,
): unknown {
  const shown = newestFirst.slice(0, SHOWN).toReversed();
  const planned = delivery.status === 'pending' ? delivery.nextAttemptAt : null;
  if (shown.length + (planned ? 1 : 0) < 2 || shown.length === 0) return nothing;
  const earlier = shown[0]!.number - 1;
  const last = shown.at(-1)!;
  return html`<div class="timeline">
    <ol aria-label=${t('timeline.label')}>
      ${shown.map(
        (attempt, index) =>
          html`<li .style=${stretch(shown[index - 1]?.startedAt, attempt.startedAt)}>
            ${gap(shown[index - 1]?.startedAt, attempt.startedAt)}${point(attempt, open)}
          </li>`,
      )}
      ${
        planned
          ? html`<li class="planned" .style=${stretch(last.startedAt, planned)}>
              ${gap(last.startedAt, planned)}<span class="timeline-point">
                ${icon('refresh', 14)}
                <span class="sr-only">
                  ${rich('timeline.planned', { number: last.number + 1, time: timeToTheSecond(planned) })}
                </span>
              </span>
            </li>`
          : nothing
      }
    </ol>
    <div class="row apart small muted">
      <span>
        ${earlier > 0 ? t('timeline.earlier', { count: earlier }) : timeToTheSecond(shown[0]!.startedAt)}
      </span>
      <span>${timeToTheSecond(planned ?? last.startedAt)}</span>
    </div>
  </div>`;
}

const between = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));

/** From ten seconds on, tenths are noise. */
const roughly = (ms: number): number => (ms < 10_000 ? ms : Math.round(ms / 1_000) * 1_000);

const stretch = (from: string | undefined, to: string): string =>
  from === undefined ? 'flex: none; min-width: 0' : `flex-grow: ${between(from, to)}`;

const gap = (from: string | undefined, to: string): unknown =>
  from === undefined
    ? nothing
    : html`<span class="timeline-gap small muted numeric">${duration(roughly(between(from, to)))}</span>`;

function point(
  { id, number, outcome, statusCode, error, startedAt }: WebhookAttemptView,
  open: (id: string) => void,
): TemplateResult {
  const isDelivered = outcome === 'succeeded';
  const response = responseWords({ statusCode, errorCode: error?.code ?? null });
  return html`<button
    type="button"
    class="timeline-point ${isDelivered ? 'success' : 'failure'}"
    title=${t('timeline.attempt', { number, response: response ?? '' })}
    @click=${() => open(id)}
  >
    ${icon(isDelivered ? 'check' : 'close', 14)}
    <span class="sr-only"
      >${t('timeline.attempt', { number, response: response ?? '' })}, ${timeToTheSecond(startedAt)}</span
    >
  </button>`;
}
