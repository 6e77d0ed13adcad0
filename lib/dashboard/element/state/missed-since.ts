import type { WebhookEndpointView } from '../api/api-types.js';

type Health = Pick<WebhookEndpointView, 'id' | 'failingSince' | 'disabledAt'>;

/** A delivery was created some time before its attempt failed, or before it was canceled. */
export const MISSED_MARGIN_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const known = new Map<string, number>();

/**
 * Remembers when a webhook's trouble began. The routes forget it when the webhook is turned on, and the
 * recovery comes after that.
 */
export function rememberTrouble({ id, failingSince, disabledAt }: Health): void {
  const times = [failingSince, disabledAt].flatMap((iso) => (iso === null ? [] : [Date.parse(iso)]));
  if (times.length > 0) known.set(id, Math.min(...times) - MISSED_MARGIN_MS);
}

/** The time from which a webhook may have missed events, in epoch ms. Default: one day ago. */
export function missedSince(endpoint: Health): number {
  rememberTrouble(endpoint);
  return known.get(endpoint.id) ?? Date.now() - DAY_MS;
}
