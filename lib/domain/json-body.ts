import { types } from 'node:util';
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
 * The body of an event, serialised once, and the JSON of its data. `JSON.stringify(JSON.parse(body)) === body` holds
 * for it, since receivers verify the signature over a body that their framework has parsed.
 * @throws InvalidWebhookDataError
 */
export function serialiseBody({ id, type, createdAt, data }: WebhookEnvelope): {
  body: string;
  data: string;
} {
  const json = stringifyData(type, data);
  const head = JSON.stringify({ id, event_type: type, created_at: isoSeconds(createdAt) });
  return { body: `${head.slice(0, -1)},"data":${json}}`, data: json };
}

/** ISO 8601 in UTC with whole seconds: `2023-05-15T14:22:30Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Deeper data is looked at by the engine, which knows how deep it can go. */
const MAX_PLAIN_DEPTH = 32;

/** Whether JSON carries it as it is: nothing to check, nothing that writes itself. Takes half as long. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (depth < MAX_PLAIN_DEPTH && isPlainObject(value, depth + 1));
    default:
      return false;
  }
}

/** What Node 21 and later write as it is: `1.0`, say. */
const { isRawJSON: isRawJson = () => false } = JSON as { isRawJSON?: (value: unknown) => boolean };

function isPlainObject(value: object, depth: number): boolean {
  if (types.isProxy(value) || isRawJson(value) || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value) && prototype === Array.prototype) {
    for (const item of value as unknown[]) if (!isPlain(item, depth)) return false;
    return true;
  }
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const item of Object.values(value)) if (item !== undefined && !isPlain(item, depth)) return false;
  return true;
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
    if (isPlain(data, 0)) return JSON.stringify(data);
    // A second round settles what the first one can change: the order of integer-like keys of a Proxy, say.
    return JSON.stringify(JSON.parse(JSON.stringify(data, check)));
  } catch (error) {
    if (error instanceof InvalidWebhookDataError) throw error;
    throw new InvalidWebhookDataError(type, '', `can't be written as JSON: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Of the engine's own errors, whose texts differ from Node to Node, in our words; of a `toJSON` of the app, its text. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof RangeError && message.includes('call stack')) return 'it is nested too deeply.';
  if (error instanceof TypeError && message.includes('circular structure'))
    return 'it is circular. Leave out what refers back.';
  return singleLine(message, MAX_REASON);
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
