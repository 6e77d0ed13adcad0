/** The base class of every error of this package. `code` is stable: test for it, not for the message. */
export abstract class WebhooksError extends Error {
  /** Stable and namespaced: `webhooks/…`. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option of `forRoot` or `forRootAsync` can't work. The app does not start. */
export class InvalidWebhooksOptionError extends WebhooksError {
  readonly code = 'webhooks/invalid-option';

  constructor(
    readonly option: string,
    problem: string,
  ) {
    super(`${option} ${problem}`);
  }
}

/**
 * A rule that an input broke: `field` is its path in the input, `message` says what to do, `code` and `params` are for
 * programs. It is an alias, which declarations of apps spell out, so that it needs no public name.
 */
export type WebhookFieldProblem = Readonly<{
  field: string;
  message: string;
  code: string;
  params: Readonly<Record<string, string | number>>;
}>;

/** An input (of a route or a service method) breaks a rule. Nothing was written. */
export class InvalidWebhookInputError extends WebhooksError {
  readonly code = 'webhooks/invalid-input';

  /** The first 100 problems, since a body can have more than an answer should carry. */
  readonly details: readonly WebhookFieldProblem[];

  constructor(details: readonly WebhookFieldProblem[]) {
    super(sentences(details));
    this.details = details.slice(0, MAX_DETAILS);
  }
}

const MAX_DETAILS = 100;
const MAX_SENTENCES = 10;

/** The first problems as one text, with the number of the others. */
export function sentences(problems: readonly WebhookFieldProblem[]): string {
  const told = problems
    .slice(0, MAX_SENTENCES)
    .map(({ message }) => (message.endsWith('.') ? message : `${message}.`));
  const more = problems.length - told.length;
  return [...told, ...(more > 0 ? [`And ${more} more problems.`] : [])].join(' ');
}
