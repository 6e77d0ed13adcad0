import { compiledFilter, filteredBody } from '../../../domain/endpoint-filter.js';
import { usableFilter } from '../../../domain/filter-rules.js';
import type { BulkDelivery, WebhookBulkRepository } from '../../../persistence/webhook-bulk.repository.js';

/** Keeps the deliveries whose endpoint exists and is enabled, and whose event matches its filter. */
export async function sendable(
  bulk: WebhookBulkRepository,
  deliveries: readonly BulkDelivery[],
): Promise<BulkDelivery[]> {
  const endpoints = await bulk.endpointsById(deliveries.map(({ endpointId }) => endpointId));
  const on = deliveries.filter(({ endpointId }) => endpoints.get(endpointId)?.active);
  const filters = new Map(
    [...endpoints].flatMap(([id, endpoint]) => {
      const filter = usableFilter(endpoint.filter);
      return filter ? [[id, compiledFilter(filter)] as const] : [];
    }),
  );
  if (filters.size === 0) return on;
  const filtered = on.filter(({ endpointId }) => filters.has(endpointId));
  const bodies = await bulk.bodies(filtered.map(({ eventId }) => eventId));
  return on.filter(({ endpointId, eventId }) => {
    const test = filters.get(endpointId);
    const body = bodies.get(eventId);
    return !test || (body !== undefined && test(filteredBody(body)));
  });
}
