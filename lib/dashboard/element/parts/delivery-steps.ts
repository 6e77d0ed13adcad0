import { html, type TemplateResult } from 'lit';
import type { DeliveryLog } from '../state/delivery-log.js';
import { icon } from './icon.js';
import { t } from '../texts/t.js';

/** The neighbours of a delivery in the list from which it was opened. */
export interface Neighbours {
  readonly newer: string | undefined;
  readonly older: string | undefined;
  /** The position, such as `3 of 50`. */
  readonly place: string;
}

/** Returns `undefined` if the filtered log does not contain the delivery. */
export function neighboursOf({ rows, list }: DeliveryLog, delivery: string): Neighbours | undefined {
  const at = rows.findIndex(({ id }) => id === delivery);
  if (at < 0) return undefined;
  const place = { place: at + 1, total: rows.length };
  return {
    newer: rows[at - 1]?.id,
    older: rows[at + 1]?.id,
    place: t(list.hasMore ? 'log.place-more' : 'log.place', place),
  };
}

/**
 * Returns the id of the delivery that the pressed key opens: `k` the newer one, `j` the older one. Keys typed
 * into a field do nothing.
 */
export function stepOf(event: KeyboardEvent, neighbours: Neighbours | undefined): string | undefined {
  const isInField = (event.target as Element).closest('input, select, textarea') !== null;
  if (isInField || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  return key === 'k' ? neighbours?.newer : key === 'j' ? neighbours?.older : undefined;
}

export function deliverySteps(
  { newer, older, place }: Neighbours,
  step: (to: string | undefined) => void,
): TemplateResult {
  const button = (to: string | undefined, key: string, name: string, label: string): TemplateResult =>
    html`<button
      type="button"
      class="button quiet icon ${name}"
      aria-label=${label}
      aria-keyshortcuts=${key}
      title="${label} (${key})"
      aria-disabled=${to === undefined}
      @click=${() => step(to)}
    >
      ${icon('back')}
    </button>`;
  return html`<div class="row steps">
    <span class="small muted numeric" role="status">${place}</span>
    ${button(newer, 'K', 'newer', t('delivery.newer'))} ${button(older, 'J', 'older', t('delivery.older'))}
  </div>`;
}
