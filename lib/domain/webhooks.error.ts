/** What every error of this package extends. `code` is stable: test for it, not for the message. */
export abstract class WebhooksError extends Error {
  /** Stable and namespaced: `webhooks/…`. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option of `forRoot` or `forRootAsync` that can't work. The app does not start. */
export class InvalidWebhooksOptionError extends WebhooksError {
  readonly code = 'webhooks/invalid-option';

  constructor(
    readonly option: string,
    problem: string,
  ) {
    super(`${option} ${problem}`);
  }
}

/** One rule that an input broke: `field` is its path in the input, `message` what to do about it. */
export interface WebhookFieldProblem {
  readonly field: string;
  readonly message: string;
}

/** An input (of a route, or of a service method) that breaks a rule. Nothing was written. */
export class InvalidWebhookInputError extends WebhooksError {
  readonly code = 'webhooks/invalid-input';

  constructor(readonly details: readonly WebhookFieldProblem[]) {
    super(details.map(({ message }) => (message.endsWith('.') ? message : `${message}.`)).join(' '));
  }
}
