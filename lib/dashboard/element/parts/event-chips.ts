import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { t } from '../texts/t.js';

const SHOWN = 2;

/** Shows a webhook's first events, and a button for the rest: there may be 200. */
export function eventChips(
  { name, events }: WebhookEndpointView,
  isUnfolded: boolean,
  toggle: () => void,
): TemplateResult {
  const more = events.length - SHOWN;
  const shown = isUnfolded ? events : events.slice(0, SHOWN);
  return html`<div class="row chips">
    <ul
      class="row chips ${isUnfolded ? 'unfolded' : ''}"
      tabindex=${isUnfolded ? 0 : nothing}
      aria-label=${t('chips.label', { name })}
    >
      ${shown.map((event) => html`<li class="chip">${event === '*' ? t('chips.all') : event}</li>`)}
    </ul>
    ${
      more > 0
        ? html`<button
            type="button"
            class="link small"
            aria-expanded=${isUnfolded}
            aria-label=${isUnfolded ? t('chips.fewer.label', { name }) : t('chips.more.label', { count: more, name })}
            @click=${toggle}
          >
            ${isUnfolded ? t('chips.fewer') : t('chips.more', { count: more })}
          </button>`
        : nothing
    }
  </div>`;
}
