import type { EndpointFilters } from '../../../persistence/endpoint-filters.js';
import type { BulkDelivery, WebhookBulkRepository } from '../../../persistence/webhook-bulk.repository.js';

/** Keeps the deliveries whose endpoint exists and is enabled, and whose event matches its filter. */
export async function sendable(
  bulk: WebhookBulkRepository,
  endpointFilters: EndpointFilters,
  deliveries: readonly BulkDelivery[],
): Promise<BulkDelivery[]> {
  const endpoints = await bulk.endpointsById(deliveries.map(({ endpointId }) => endpointId));
  const on = deliveries.filter(({ endpointId }) => endpoints.get(endpointId)?.active);
  const filters = new Map(
    [...endpoints].flatMap(([id, endpoint]) => {
      const test = endpointFilters.testOf(endpoint);
      return test ? [[id, test] as const] : [];
    }),
  );
  if (filters.size === 0) return on;
  const filtered = on.filter(({ endpointId }) => filters.has(endpointId));
  const events = await bulk.bodies(filtered.map(({ eventId }) => eventId));
  return on.filter(({ endpointId, eventId }) => {
    const test = filters.get(endpointId);
    const event = events.get(eventId);
    return !test || (event !== undefined && test(event));
  });
}
