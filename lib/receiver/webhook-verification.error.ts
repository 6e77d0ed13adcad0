import { WebhooksError } from '../domain/webhooks.error.js';

export type WebhookVerificationFailure =
  'missing-header' | 'bad-timestamp' | 'too-old' | 'too-new' | 'unknown-key' | 'bad-signature' | 'bad-body';

/** A request that must not be trusted. Answer 400 or 401, and do nothing else with it. */
export class WebhookVerificationError extends WebhooksError {
  readonly code = 'webhooks/verification-failed';

  constructor(
    readonly reason: WebhookVerificationFailure,
    problem: string,
  ) {
    super(`The webhook was refused: ${problem}`);
  }
}

/** The receiver's own configuration is wrong: the given value is no secret. The message contains nothing of it. */
export class InvalidWebhookSecretError extends WebhooksError {
  readonly code = 'webhooks/invalid-secret';

  constructor(
    problem: string,
    what = 'The secret',
    advice = "Give the one that was shown for the webhook: 'whsec_' and base64 of 24 bytes or more.",
  ) {
    super(`${what} ${problem} ${advice}`);
  }
}
