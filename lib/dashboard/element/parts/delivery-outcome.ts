import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookAttemptView, WebhookDeliveryDetailView, WebhookDeliveryView } from '../api/api-types.js';
import { adviceFor, statusWords } from './advice.js';
import { nextAttempt, testBadge } from './delivery-table.js';
import { errorWords, responseWords } from './response.js';
import { deliveryStatus, toneOf } from './status.js';
import { duration } from './time.js';
import { rich, t } from '../texts/t.js';

interface OutcomeOptions {
  /** The newest attempt. */
  readonly attempt: WebhookAttemptView | undefined;
  /** The webhook's URL. */
  readonly url: string;
  readonly timeoutMs: number | undefined;
  /** The number of attempts in the schedule. A resend can exceed it. */
  readonly planned: number | undefined;
}

/** Shows the state of a delivery, the reason, and what to do. */
export function deliveryOutcome(
  delivery: WebhookDeliveryDetailView,
  { attempt, url, timeoutMs, planned }: OutcomeOptions,
): TemplateResult {
  const { status, test } = delivery;
  const hasFailed = status !== 'succeeded' && status !== 'canceled' && attempt !== undefined;
  const advice = hasFailed ? adviceFor(attempt, { url, timeoutMs }) : undefined;
  return html`<section class="notice outcome ${toneOf(delivery)}" aria-label=${t('delivery.outcome')}>
    <p class="row">
      ${deliveryStatus(delivery)} ${test ? testBadge() : nothing}
      <span class="numeric">${answerOf(delivery, attempt)}</span>
    </p>
    ${advice ? html`<p class="break">${advice.problem} ${advice.advice}</p>` : nothing}
    ${
      status === 'pending'
        ? html`<p>
            ${rich('delivery.next', { time: nextAttempt(delivery) })}
            <span class="muted">(${place(delivery, planned)})</span>
          </p>`
        : nothing
    }
  </section>`;
}

function answerOf(delivery: WebhookDeliveryView, attempt: WebhookAttemptView | undefined): unknown {
  if (delivery.status === 'canceled') return responseWords(delivery);
  if (!attempt) return nothing;
  const { number, statusCode, error, durationMs } = attempt;
  const words = error ? errorWords(error.code) : statusCode === null ? '' : statusWords(statusCode);
  return t('delivery.answer', { response: words, number, time: duration(durationMs) });
}

function place({ attemptCount }: WebhookDeliveryDetailView, planned: number | undefined): string {
  const next = attemptCount + 1;
  return planned === undefined || next > planned
    ? t('delivery.place', { number: next })
    : t('delivery.place-of', { number: next, planned });
}
