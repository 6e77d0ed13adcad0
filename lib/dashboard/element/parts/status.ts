import { html, type TemplateResult } from 'lit';
import type { WebhookAttemptView, WebhookDeliveryView } from '../api/api-types.js';
import { t } from '../texts/t.js';

type Tone = 'success' | 'warning' | 'failure' | '';

/** A status is always a word. The colour only repeats it. */
export const badge = (text: string, tone: Tone = ''): TemplateResult =>
  html`<span class="badge ${tone}">${text}</span>`;

type Status = WebhookDeliveryView['status'] | WebhookAttemptView['outcome'];
const TONES: Readonly<Record<Status, Tone>> = {
  succeeded: 'success',
  failed: 'failure',
  canceled: '',
  pending: '',
  retrying: 'warning',
};

const badgeOf = (status: Status): TemplateResult => badge(t(`status.${status}`), TONES[status]);

/** The colour for what surrounds the status. */
export const toneOf = ({ status, attemptCount }: WebhookDeliveryView): Tone =>
  TONES[status === 'pending' && attemptCount > 0 ? 'retrying' : status];

/** A pending delivery with an attempt counts as retrying. */
export function deliveryStatus({ status, attemptCount }: WebhookDeliveryView): TemplateResult {
  return badgeOf(status === 'pending' && attemptCount > 0 ? 'retrying' : status);
}

/**
 * The outcome of an attempt. If it failed and a retry was planned, the badge also says whether that retry was
 * made.
 */
export function attemptOutcome(
  { outcome, number }: WebhookAttemptView,
  { status, attemptCount }: WebhookDeliveryView,
): TemplateResult {
  if (outcome !== 'retrying') return badgeOf(outcome);
  if (number < attemptCount) return badge(t('status.retried'), 'warning');
  return status === 'pending' ? badge(t('status.will-be-retried'), 'warning') : badgeOf('failed');
}
