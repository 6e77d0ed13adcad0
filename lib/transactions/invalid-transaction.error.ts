import { WebhooksError } from '../domain/webhooks.error.js';

/** A function of `nestjs-webhooks/transactions` was given something that is no transaction of its library. */
export class InvalidWebhooksTransactionError extends WebhooksError {
  readonly code = 'webhooks/invalid-transaction';

  constructor(functionName: string, problem: string) {
    super(`${functionName}: ${problem}`);
  }
}

/** @throws InvalidWebhooksTransactionError if `given` lacks one of these methods */
export function mustHave(
  functionName: string,
  given: unknown,
  methods: readonly string[],
  what: string,
): void {
  const missing = methods.find(
    (name) => typeof (Object(given) as Record<string, unknown>)[name] !== 'function',
  );
  if (missing === undefined) return;
  const got = typeof given === 'object' && given !== null ? 'an object' : String(given);
  throw new InvalidWebhooksTransactionError(
    functionName,
    `must be given ${what}, got ${got} without ${missing}().`,
  );
}
