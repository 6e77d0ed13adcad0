import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import type { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { WebhookConflictError, WebhookNotFoundError } from './management.errors.js';

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

/** @throws WebhookNotFoundError, WebhookConflictError if it is off */
export async function activeEndpoint(
  endpoints: WebhookEndpointRepository,
  tenant: string,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = await existingEndpoint(endpoints, tenant, id);
  if (endpoint.active) return endpoint;
  throw new WebhookConflictError('webhooks/endpoint-inactive', `Webhook ${id} is off. Turn it on first.`);
}
