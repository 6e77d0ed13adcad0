import { WebhooksError } from '../domain/webhooks.error.js';

/** The tenant has nothing with that id. Another tenant's ids give the same answer as ids that never were. */
export class WebhookNotFoundError extends WebhooksError {
  readonly code = 'webhooks/not-found';

  constructor(what: 'endpoint' | 'delivery' | 'event', id: string) {
    super(`There is no ${what} ${JSON.stringify(id.slice(0, 64))}.`);
  }
}

/** What was asked for does not go with the state that things are in. Nothing was changed. */
export class WebhookConflictError extends WebhooksError {
  constructor(
    readonly code: 'webhooks/endpoint-inactive' | 'webhooks/delivery-in-flight' | 'webhooks/endpoint-quota',
    message: string,
  ) {
    super(message);
  }
}

/** `api.tenant` gave nothing that says whose webhooks a request is about. */
export class WebhookTenantMissingError extends WebhooksError {
  readonly code = 'webhooks/tenant-missing';

  constructor() {
    super('This request belongs to no tenant.');
  }
}
