import { quoted, singleLine } from './shown-text.js';
import { WebhooksError } from './webhooks.error.js';

const MAX_REASON = 256;

/** The data of an event is something that JSON can't carry. No row was written. */
export class InvalidWebhookDataError extends WebhooksError {
  readonly code = 'webhooks/invalid-data';

  constructor(
    readonly eventType: string,
    /** Where in the data, as a path such as `items[2].price`; empty for the data itself. */
    readonly path: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`The data of ${quoted(eventType)}${path && ` at ${quoted(path)}`} ${problem}`, options);
  }
}

export interface WebhookEnvelope {
  readonly id: string;
  readonly type: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly data: unknown;
}

/**
 * The body of an event, serialised once. `JSON.stringify(JSON.parse(body)) === body` holds for it, since
 * receivers verify the signature over a body that their framework has parsed.
 * @throws InvalidWebhookDataError
 */
export function serialiseBody(event: WebhookEnvelope): { body: string; data: unknown } {
  const { id, type, createdAt, data } = event;
  const json = stringifyData(type, data);
  const parsed: unknown = JSON.parse(json);
  // A second round settles what the first one can change: the order of integer-like keys of a Proxy, say.
  const envelope = { id, event_type: type, created_at: isoSeconds(createdAt), data: parsed };
  return { body: JSON.stringify(envelope), data: parsed };
}

/** ISO 8601 in UTC with whole seconds: `2023-05-15T14:22:30Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function stringifyData(type: string, data: unknown): string {
  const paths = new WeakMap<object, string>();
  const check = function (this: unknown, key: string, value: unknown): unknown {
    const path = childPath(paths.get(this as object), key, Array.isArray(this));
    if (typeof value === 'object' && value !== null) paths.set(value, path);
    const given = (this as Record<string, unknown>)[key];
    const invalidDate = value === null && given instanceof Date;
    const problem = invalidDate ? IS_INVALID_DATE : problemOf(value, Array.isArray(this) || key === '');
    if (problem) throw new InvalidWebhookDataError(type, path, problem);
    return value;
  };
  try {
    return JSON.stringify(data, check);
  } catch (error) {
    if (error instanceof InvalidWebhookDataError) throw error;
    throw new InvalidWebhookDataError(
      type,
      '',
      `can't be written as JSON: ${singleLine((error as Error).message, MAX_REASON)}`,
      {
        cause: error,
      },
    );
  }
}

const IS_INVALID_DATE = 'is an invalid Date, which JSON would write as null.';

/** An undefined property is left out, as JSON does; in an array, or as the data itself, it would become null. */
function problemOf(value: unknown, mustBeDefined: boolean): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return mustBeDefined ? "is undefined, which JSON can't carry. Use null." : undefined;
    case 'bigint':
      return "is a BigInt, which JSON can't carry. Use a string.";
    case 'number':
      return Number.isFinite(value)
        ? undefined
        : `is ${value}, which JSON can't carry. Use null or a string.`;
    case 'function':
    case 'symbol':
      return `is a ${typeof value}, which JSON can't carry.`;
    case 'object':
      if (value instanceof Map || value instanceof Set || value instanceof Promise) {
        return `is a ${value.constructor.name}, which JSON would write as {}. Use an object or an array.`;
      }
  }
  return undefined;
}

function childPath(parent: string | undefined, key: string, inArray: boolean): string {
  if (inArray) return `${parent ?? ''}[${key}]`;
  return parent ? `${parent}.${key}` : key;
}
