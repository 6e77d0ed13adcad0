import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

/** Refuses texts: `'false'` from an environment variable would count as true. */
export function flag(option: string, value: unknown = false): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidWebhooksOptionError(option, `must be true or false, got ${JSON.stringify(value)}.`);
}

/** The message does not contain the value, which may be a key. */
export function list<Item>(option: string, value: readonly Item[] = []): readonly Item[] {
  if (Array.isArray(value)) return value as readonly Item[];
  throw new InvalidWebhooksOptionError(option, `must be a list, got ${typeof value}. Write [value] for one.`);
}
