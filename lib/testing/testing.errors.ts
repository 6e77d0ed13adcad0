import { WebhooksError } from '../domain/webhooks.error.js';

/** A test used a part of `WebhooksService` that stores or sends, but webhooks are only recorded. */
export class WebhooksOnlyRecordedError extends WebhooksError {
  readonly code = 'webhooks/only-recorded';

  constructor(readonly member: string) {
    super(
      `WebhooksService.${member} needs a database, and WebhooksTestingModule has none: it only records what is ` +
        'emitted. Test this code with WebhooksModule and WebhooksTestBed, or give it a stub of your own.',
    );
  }
}

/** A test waited for a webhook that did not come. The message contains types and verdicts, never a body. */
export class WebhookNotReceivedError extends WebhooksError {
  readonly code = 'webhooks/not-received';
}

/** A helper of the kit was used at a wrong moment, or with a wrong value. */
export class WebhooksTestSetupError extends WebhooksError {
  readonly code = 'webhooks/test-setup';
}
