import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';

const SHOWN = 2;

/** The first events of a webhook, and a button that shows the others: there may be 200. */
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
      aria-label="Events of ${name}"
    >
      ${shown.map((event) => html`<li class="chip">${event === '*' ? 'all events' : event}</li>`)}
    </ul>
    ${
      more > 0
        ? html`<button
            type="button"
            class="link small"
            aria-expanded=${isUnfolded}
            aria-label=${isUnfolded ? `Show fewer events of ${name}` : `+${more} more events of ${name}`}
            @click=${toggle}
          >
            ${isUnfolded ? 'Show fewer' : `+${more} more`}
          </button>`
        : nothing
    }
  </div>`;
}
