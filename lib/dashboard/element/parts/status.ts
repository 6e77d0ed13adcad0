import { html, type TemplateResult } from 'lit';
import type { WebhookAttemptView, WebhookDeliveryView } from '../api/api-types.js';

type Tone = 'success' | 'warning' | 'failure' | '';

/** A status is always a word; its colour only repeats it. */
export const badge = (text: string, tone: Tone = ''): TemplateResult =>
  html`<span class="badge ${tone}">${text}</span>`;

const TONES: Record<WebhookDeliveryView['status'] | WebhookAttemptView['outcome'], [string, Tone]> = {
  succeeded: ['Succeeded', 'success'],
  failed: ['Failed', 'failure'],
  canceled: ['Canceled', ''],
  pending: ['Pending', ''],
  retrying: ['Retrying', 'warning'],
};

/** Of what surrounds the status. */
export const toneOf = ({ status, attemptCount }: WebhookDeliveryView): Tone =>
  TONES[status === 'pending' && attemptCount > 0 ? 'retrying' : status][1];

/** A pending delivery that was tried already is said to be retrying. */
export function deliveryStatus({ status, attemptCount }: WebhookDeliveryView): TemplateResult {
  return badge(...TONES[status === 'pending' && attemptCount > 0 ? 'retrying' : status]);
}

/** Of an attempt after which another one was planned, it says whether that is still to come. */
export function attemptOutcome(
  { outcome, number }: WebhookAttemptView,
  { status, attemptCount }: WebhookDeliveryView,
): TemplateResult {
  if (outcome !== 'retrying') return badge(...TONES[outcome]);
  if (number < attemptCount) return badge('Failed, retried', 'warning');
  return status === 'pending' ? badge('Failed, will be retried', 'warning') : badge(...TONES.failed);
}
