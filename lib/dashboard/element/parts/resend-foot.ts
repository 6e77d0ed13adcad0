import { html, nothing, type TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import type { WebhookDeliveryDetailView } from '../api/api-types.js';
import type { Resend } from '../state/resend.js';
import { icon } from './icon.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

interface ResendActions {
  readonly ask: (asking: boolean) => void;
  readonly send: () => void;
  readonly turnOnAndSend: () => void;
  /** Starts a recovery from this delivery on; `undefined` if that makes no sense. */
  readonly since: (() => void) | undefined;
}

/**
 * The button that resends a delivery, its question, and the result. The control with `data-focus` gets the
 * focus.
 */
export const resendFoot = (
  delivery: WebhookDeliveryDetailView,
  resend: Resend,
  actions: ResendActions,
): TemplateResult =>
  html`<div class="resend-status">
      <div role="status">${resend.asking ? t('resend.ask') : resend.status()}</div>
      <div role="alert">${resend.error ? refusal(resend.error, actions) : nothing}</div>
    </div>
    ${resend.asking ? question(actions) : resendButton(delivery, resend, actions)}`;

const question = ({ ask, send }: ResendActions): TemplateResult =>
  html`<button type="button" class="button" @click=${() => ask(false)}>${t('cancel')}</button>
    <button type="button" class="button primary" data-focus @click=${send}>${t('resend.resend')}</button>`;

function resendButton(
  { status, event, nextAttemptAt }: WebhookDeliveryDetailView,
  { sending }: Resend,
  { ask, send, since }: ResendActions,
): TemplateResult {
  if (!event) return html`<span class="muted">${t('resend.no-payload')}</span>`;
  const busy = sending || (status === 'pending' && nextAttemptAt === null);
  const click = (): void => {
    if (busy) return;
    if (status === 'succeeded') ask(true);
    else send();
  };
  // `disabled` would lose the focus.
  return html`${
      since
        ? html`<button type="button" class="button" @click=${since}>${t('resend.since')}</button>`
        : nothing
    }
    <button type="button" class="button primary" data-focus aria-disabled=${busy} @click=${click}>
      ${icon('refresh')} ${t('resend.resend')}
    </button>`;
}

function refusal(error: unknown, { turnOnAndSend }: ResendActions): TemplateResult {
  const code = error instanceof ApiError ? error.code : '';
  if (code === 'webhooks/endpoint-inactive') {
    return html`<p class="problem">${t('resend.paused')}</p>
      <button type="button" class="link" @click=${turnOnAndSend}>${t('resend.turn-on')}</button>`;
  }
  return html`<p class="problem">${messageOf(error)}</p>`;
}
