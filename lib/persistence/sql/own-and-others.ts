import type { FannedOutEvent } from '../../domain/fan-out.js';
import type { SqlRow } from './sql-executor.js';

/** What happened to each event. Rows of deliveries: `id`, `event_id`, `endpoint_id`, `lease_token`. */
export function ownAndOthers(
  eventIds: readonly string[],
  deliveries: readonly SqlRow[],
): Map<string, FannedOutEvent> {
  const events = new Map(
    eventIds.map((id) => [id, { own: [] as { id: string; endpointId: string }[], hasMore: false }]),
  );
  for (const { id, event_id: eventId, endpoint_id: endpointId, lease_token: token } of deliveries) {
    const event = events.get(String(eventId))!;
    if (token === null) event.hasMore = true;
    else event.own.push({ id: String(id), endpointId: String(endpointId) });
  }
  return events;
}
