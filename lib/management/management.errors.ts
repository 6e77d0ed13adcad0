import { singleLine } from '../domain/shown-text.js';
import { WebhooksError } from '../domain/webhooks.error.js';

/** The tenant has nothing with that id. Another tenant's ids give the same answer as ids that never existed. */
export class WebhookNotFoundError extends WebhooksError {
  readonly code = 'webhooks/not-found';

  constructor(what: 'endpoint' | 'delivery' | 'event' | 'event type' | 'pause' | 'job', id: string) {
    super(`There is no ${what} "${singleLine(id, 64)}".`);
  }
}

/** The request does not fit the present state. Nothing was changed. */
export class WebhookConflictError extends WebhooksError {
  constructor(
    readonly code:
      | 'webhooks/endpoint-inactive'
      | 'webhooks/delivery-in-flight'
      | 'webhooks/event-filtered'
      | 'webhooks/paused'
      | 'webhooks/endpoint-quota'
      | 'webhooks/secret-changing'
      | 'webhooks/too-many-secrets'
      | 'webhooks/representation-failed',
    message: string,
  ) {
    super(message);
  }
}

const WHAT = { testsPerMinute: 'tests', resendsPerMinute: 'resends and recoveries' } as const;

/** The tenant has reached a limit per minute. Nothing was sent or written. */
export class WebhookTooManyRequestsError extends WebhooksError {
  readonly code = 'webhooks/too-many-requests';

  constructor(
    readonly limit: keyof typeof WHAT,
    perMinute: number,
    /** How long until there is room for one more request. */
    readonly retryAfterMs: number,
  ) {
    const seconds = Math.ceil(retryAfterMs / 1_000);
    super(`There can be ${perMinute} ${WHAT[limit]} a minute, and there were. Try again in ${seconds} s.`);
  }
}
