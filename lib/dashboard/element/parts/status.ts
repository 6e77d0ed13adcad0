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

/** A pending delivery that was tried already is said to be retrying. */
export function deliveryStatus({ status, attemptCount }: WebhookDeliveryView): TemplateResult {
  return badge(...TONES[status === 'pending' && attemptCount > 0 ? 'retrying' : status]);
}

export const attemptOutcome = ({ outcome }: WebhookAttemptView): TemplateResult => badge(...TONES[outcome]);
