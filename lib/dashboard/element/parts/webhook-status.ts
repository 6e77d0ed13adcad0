import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { badge } from './status.js';
import { duration, lasting, time } from './time.js';

/** A single failed attempt is no news: by the default schedule the next one is made after five minutes. */
const FAILING_AFTER_MS = 6 * 60_000;

export const isFailing = ({ active, failingSince }: WebhookEndpointView): boolean =>
  active && failingSince !== null && Date.now() - Date.parse(failingSince) > FAILING_AFTER_MS;

/** What comes first in a list. */
export const needsAttention = (endpoint: WebhookEndpointView): boolean =>
  endpoint.disabledReason !== null || isFailing(endpoint);

/** Active, Paused, Failing or Disabled. */
export function webhookStatus(endpoint: WebhookEndpointView): TemplateResult {
  if (endpoint.disabledReason) return badge('Disabled', 'failure');
  if (isFailing(endpoint)) return badge('Failing', 'warning');
  return endpoint.active ? badge('Active', 'success') : badge('Paused');
}

/** Nothing where all is well. */
export function webhookTrouble(endpoint: WebhookEndpointView): unknown {
  const { active, disabledReason, disabledAt, failingSince } = endpoint;
  if (disabledReason) {
    const reason = disabledReason === 'gone' ? '410 Gone' : 'kept failing';
    return html`${badge(`Disabled: ${reason}`, 'failure')} ${since(disabledAt)}`;
  }
  if (isFailing(endpoint)) return html`${badge('Failing', 'warning')} ${since(failingSince)}`;
  return active ? nothing : badge('Paused');
}

const since = (iso: string | null): TemplateResult =>
  html`<span class="muted small">${iso === null ? nothing : lasting(iso)}</span>`;

/** What is wrong with a webhook, and what to do. @param disableAfterMs of the settings, `null` where not known */
export function webhookNotice(
  endpoint: WebhookEndpointView,
  disableAfterMs: number | null,
): TemplateResult | typeof nothing {
  const { active, disabledReason, disabledAt, failingSince } = endpoint;
  if (disabledReason === 'gone') {
    return notice(
      'failure',
      html`Disabled since ${time(disabledAt)}`,
      html`Your server answered 410 Gone, which says that nothing more should be sent to this URL. Check the
      URL or fix your server, send a test, then turn the webhook on.`,
    );
  }
  if (disabledReason) {
    const lasted = disableAfterMs === null ? nothing : html` for ${span(disableAfterMs)}`;
    return notice(
      'failure',
      html`Disabled since ${time(disabledAt)}`,
      html`Every attempt failed${lasted}, so nothing is sent any more. Fix your server, send a test, then turn
      the webhook on.`,
    );
  }
  if (isFailing(endpoint)) {
    return notice(
      'warning',
      html`Every attempt has failed since ${time(failingSince)}`,
      disableAfterMs === null
        ? 'The deliveries show what your server answered.'
        : html`The deliveries show what your server answered. If this goes on for ${span(disableAfterMs)}, the
          webhook is disabled.`,
    );
  }
  if (!active)
    return notice('', 'This webhook is paused', 'No events are sent to it. You can still send a test.');
  return nothing;
}

const notice = (tone: string, title: unknown, text: unknown): TemplateResult =>
  html`<div class="notice ${tone}">
    <strong>${title}</strong>
    <p>${text}</p>
  </div>`;

/** Days where they are whole; a day is said so, since it is no clock time here. */
const span = (ms: number): string => (ms === 86_400_000 ? 'a day' : duration(ms));
