import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { badge } from './status.js';
import { duration, lasting, time } from './time.js';
import { rich, t } from '../texts/t.js';

/** Ignores a single failure: the default schedule retries after five minutes. */
const FAILING_AFTER_MS = 6 * 60_000;

export const isFailing = ({ active, failingSince }: WebhookEndpointView): boolean =>
  active && failingSince !== null && Date.now() - Date.parse(failingSince) > FAILING_AFTER_MS;

/** Whether a webhook belongs at the top of the list. */
export const needsAttention = (endpoint: WebhookEndpointView): boolean =>
  endpoint.disabledReason !== null || isFailing(endpoint);

/** Active, Paused, Failing or Disabled. */
export function webhookStatus(endpoint: WebhookEndpointView): TemplateResult {
  if (endpoint.disabledReason) return badge(t('status.disabled'), 'failure');
  if (isFailing(endpoint)) return badge(t('status.failing'), 'warning');
  return endpoint.active ? badge(t('active'), 'success') : badge(t('paused'));
}

const REASONS = {
  gone: 'status.disabled-gone',
  failing: 'status.disabled-failing',
  operator: 'status.disabled',
} as const;

/** Shows the state unless the webhook is active and healthy. */
export function webhookTrouble(endpoint: WebhookEndpointView): unknown {
  const { active, disabledReason, disabledAt, failingSince } = endpoint;
  if (disabledReason) {
    const reason = t(REASONS[disabledReason]);
    return html`${badge(reason, 'failure')} ${since(disabledAt)}`;
  }
  if (isFailing(endpoint)) return html`${badge(t('status.failing'), 'warning')} ${since(failingSince)}`;
  return active ? nothing : badge(t('paused'));
}

const since = (iso: string | null): TemplateResult =>
  html`<span class="muted small">${iso === null ? nothing : lasting(iso)}</span>`;

/**
 * Explains what is wrong with a webhook, and what to do.
 * @param disableAfterMs from the settings; `null` if unknown
 */
export function webhookNotice(
  endpoint: WebhookEndpointView,
  disableAfterMs: number | null,
): TemplateResult | typeof nothing {
  const { active, disabledReason, disabledNote, disabledAt, failingSince } = endpoint;
  if (disabledReason === 'gone' || disabledReason === 'operator') {
    const why = disabledNote ?? t('notice.gone');
    return notice('failure', rich('notice.disabled', { time: time(disabledAt) }), why);
  }
  if (disabledReason) {
    return notice(
      'failure',
      rich('notice.disabled', { time: time(disabledAt) }),
      disableAfterMs === null
        ? t('notice.kept-failing')
        : t('notice.kept-failing-for', { time: duration(disableAfterMs) }),
    );
  }
  if (isFailing(endpoint)) {
    return notice(
      'warning',
      rich('notice.failing', { time: time(failingSince) }),
      disableAfterMs === null
        ? t('notice.failing.text')
        : t('notice.failing.ends', { time: duration(disableAfterMs) }),
    );
  }
  if (!active) return notice('', t('notice.paused'), t('notice.paused.text'));
  return nothing;
}

/** Says until when the webhook's server asked us to pause. */
export function deferralNotice(
  { deferredUntil }: WebhookEndpointView,
  sendNow: () => void,
): TemplateResult | typeof nothing {
  if (deferredUntil === null || Date.parse(deferredUntil) <= Date.now()) return nothing;
  return notice(
    'warning',
    rich('notice.deferred', { time: time(deferredUntil) }),
    html`${t('notice.deferred.text')}
      <button type="button" class="link" @click=${sendNow}>${t('notice.deferred.button')}</button>`,
  );
}

const notice = (tone: string, title: unknown, text: unknown): TemplateResult =>
  html`<div class="notice ${tone}">
    <strong>${title}</strong>
    <p>${text}</p>
  </div>`;
