import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookDeliveryDetailView } from '../api/api-types.js';
import type { Attempts } from '../state/attempts.js';
import { attemptDetails } from './attempt.js';
import { sentBody } from './delivery-facts.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

/** The attempts of a delivery, the newest first. */
export function attemptList(
  attempts: Attempts,
  delivery: WebhookDeliveryDetailView,
  captureBytes: number | undefined,
): TemplateResult {
  const { newestFirst, hasMore, loading, error } = attempts;
  if (newestFirst.length === 0) return html`<p class="muted">${t('delivery.no-attempts')}</p>`;
  return html`<ol class="attempts card">
      ${repeat(
        newestFirst,
        ({ id }) => id,
        (attempt) =>
          html`<li data-attempt=${attempt.id}>
            ${attemptDetails(attempt, {
              delivery,
              open: attempts.isOpen(attempt.id),
              payload: sentBody(delivery),
              toggle: (open) => attempts.toggle(attempt.id, open),
              captureBytes,
            })}
          </li>`,
      )}
    </ol>
    ${error ? html`<p class="problem" role="alert">${messageOf(error)}</p>` : nothing}
    ${
      hasMore
        ? html`<button
            type="button"
            class="button"
            aria-disabled=${loading}
            @click=${() => void attempts.more()}
          >
            ${t('delivery.older-attempts')}
          </button>`
        : nothing
    }`;
}
