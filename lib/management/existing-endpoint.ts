import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import type { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { WebhookNotFoundError } from './management.errors.js';

/** @throws WebhookNotFoundError */
export async function existingEndpoint(
  endpoints: WebhookEndpointRepository,
  tenant: string,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await endpoints.findOne(tenant, id);
  if (!endpoint) throw new WebhookNotFoundError('endpoint', id);
  return endpoint;
}
