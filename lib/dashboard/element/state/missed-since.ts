import type { WebhookEndpointView } from '../api/api-types.js';

type Health = Pick<WebhookEndpointView, 'id' | 'failingSince' | 'disabledAt'>;

/** A delivery was created before its attempt failed, or before it was canceled. */
export const MISSED_MARGIN_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const known = new Map<string, number>();

/** Keeps since when a webhook is in trouble: the routes forget it when it is turned on, which comes before a recovery. */
export function rememberTrouble({ id, failingSince, disabledAt }: Health): void {
  const times = [failingSince, disabledAt].flatMap((iso) => (iso === null ? [] : [Date.parse(iso)]));
  if (times.length > 0) known.set(id, Math.min(...times) - MISSED_MARGIN_MS);
}

/** Since when a webhook may have missed something: where nothing is known, for a day. */
export function missedSince(endpoint: Health): number {
  rememberTrouble(endpoint);
  return known.get(endpoint.id) ?? Date.now() - DAY_MS;
}
