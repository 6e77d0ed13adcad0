import { quoted } from '../domain/shown-text.js';
import { WebhooksError } from '../domain/webhooks.error.js';

/** After several tries, the event was neither stored nor found by its idempotency key. Nothing was stored. */
export class WebhookNotStoredError extends WebhooksError {
  readonly code = 'webhooks/event-not-stored';

  constructor(readonly eventType: string) {
    super(
      `emit(${quoted(eventType)}): the database neither stored the event nor has one with its idempotency key, several times in a ` +
        'row. Either others keep storing and undoing events with that key: emit again later. Or a trigger or a policy ' +
        'on the table webhook_events drops rows: take it away.',
    );
  }
}
