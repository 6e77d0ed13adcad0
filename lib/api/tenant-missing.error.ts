import { WebhooksError } from '../domain/webhooks.error.js';

/** `api.tenant` returned nothing that says whose webhooks a request is about. */
export class WebhookTenantMissingError extends WebhooksError {
  readonly code = 'webhooks/tenant-missing';

  constructor() {
    super('This request belongs to no tenant.');
  }
}
