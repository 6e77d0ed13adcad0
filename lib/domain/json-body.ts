import { types } from 'node:util';
import { REPLACEMENT, problemOf, unboxed } from './json-rule.js';
import { quoted, singleLine } from './shown-text.js';
import { WebhooksError } from './webhooks.error.js';

const MAX_REASON = 256;

/** JSON can't carry the data of an event. Nothing was stored. */
export class InvalidWebhookDataError extends WebhooksError {
  readonly code = 'webhooks/invalid-data';

  constructor(
    readonly eventType: string,
    /** The path in the data, such as `items[2].price`; empty for the data itself. */
    readonly path: string,
    readonly problem: string,
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
 * The body of an event, serialised once, with the JSON of its data. `JSON.stringify(JSON.parse(body)) === body` holds
 * for it, since a receiver may verify the signature over a body that its framework has parsed.
 * @throws InvalidWebhookDataError
 */
export function serialiseBody({ id, type, createdAt, data }: WebhookEnvelope): {
  body: string;
  data: string;
} {
  const json = stringifyData(type, data);
  return { body: bodyOf({ id, type, createdAt }, json), data: json };
}

/** @param json the data's JSON from `serialiseBody`, or a part of it */
export function bodyOf({ id, type, createdAt }: Omit<WebhookEnvelope, 'data'>, json: string): string {
  const head = JSON.stringify({ id, event_type: type, created_at: isoSeconds(createdAt) });
  return `${head.slice(0, -1)},"data":${json}}`;
}

/** ISO 8601 in UTC with whole seconds: `2023-05-15T14:22:30Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Deeper data takes the slow way, which knows the path. */
const MAX_PLAIN_DEPTH = 32;

/** The limit of Ruby's parser, the strictest of those that receivers use. The envelope is one level. */
const MAX_BODY_DEPTH = 100;
const MAX_DATA_DEPTH = MAX_BODY_DEPTH - 1;

/**
 * Whether JSON carries the value unchanged, with nothing to check and no `toJSON`. This takes half the time of the full
 * check.
 */
function isAsWritten(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (depth < MAX_PLAIN_DEPTH && isObjectAsWritten(value, depth + 1));
    default:
      return false;
  }
}

/** Node 21 and later write a raw JSON value, such as `1.0`, unchanged. */
const { isRawJSON: isRawJson = () => false } = JSON as { isRawJSON?: (value: unknown) => boolean };

function isObjectAsWritten(value: object, depth: number): boolean {
  if (types.isProxy(value) || isRawJson(value) || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value) && prototype === Array.prototype) {
    for (const item of value as unknown[]) if (!isAsWritten(item, depth)) return false;
    return true;
  }
  if (prototype !== Object.prototype && prototype !== null) return false;
  const items = Object.values(value);
  if (items.length === 0) return Reflect.ownKeys(value).length === 0;
  for (const item of items) if (item !== undefined && !isAsWritten(item, depth)) return false;
  return true;
}

function stringifyData(type: string, data: unknown): string {
  try {
    const plain = plainJson(data);
    if (plain !== undefined) return plain;
    // The first round can change things, such as the order of integer-like keys of a Proxy. A second round settles
    // them.
    const parsed: unknown = JSON.parse(JSON.stringify(data, checkerOf(type)));
    return plainJson(parsed) ?? withoutHalves(JSON.stringify(parsed, checkerOf(type)));
  } catch (error) {
    if (error instanceof InvalidWebhookDataError) throw error;
    throw new InvalidWebhookDataError(type, '', `can't be written as JSON: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** `undefined` if the data needs the full check, because of a key that may be refused or half a surrogate pair. */
function plainJson(data: unknown): string | undefined {
  if (!isAsWritten(data, 0)) return undefined;
  const json = JSON.stringify(data);
  return SUSPECT.some((part) => json.includes(part)) ? undefined : json;
}

const SUSPECT = ['\\ud', '__proto__', 'prototype'];
const ESCAPE = /\\(?:ud[\da-f]{3}|.)/g;

/** The engine escapes nothing of this range but halves of surrogate pairs, which several parsers refuse. */
const withoutHalves = (json: string): string =>
  json.replaceAll(ESCAPE, (escape) => (escape.startsWith('\\ud') ? REPLACEMENT : escape));

/** A replacer for `JSON.stringify` that throws, with the path, for what can't be sent. */
function checkerOf(type: string): (this: unknown, key: string, value: unknown) => unknown {
  const places = new WeakMap<object, { readonly path: string; readonly depth: number }>();
  return function (this: unknown, key: string, given: unknown): unknown {
    const holder = places.get(this as object);
    const path = childPath(holder?.path, key, Array.isArray(this));
    const fail = (problem: string): never => {
      throw new InvalidWebhookDataError(type, path, problem);
    };
    if (given === null && types.isDate((this as Record<string, unknown>)[key])) fail(IS_INVALID_DATE);
    const value = unboxed(given);
    const problem = problemOf(value, holder === undefined || Array.isArray(this));
    if (problem) fail(problem);
    if (typeof value !== 'object' || value === null) return value;
    const depth = (holder?.depth ?? 0) + 1;
    if (depth > MAX_DATA_DEPTH) fail(IS_TOO_DEEP);
    places.set(value, { path, depth });
    return value;
  };
}

/**
 * Our words for the engine's own errors, which differ from Node to Node; the app's own text for an error of its
 * `toJSON`.
 */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof TypeError && message.includes('circular structure'))
    return 'it is circular. Leave out what refers back.';
  return singleLine(message, MAX_REASON);
}

const IS_INVALID_DATE = 'is an invalid Date, which JSON would write as null.';
const IS_TOO_DEEP =
  `is nested too deeply: parsers refuse a body of more than ${MAX_BODY_DEPTH} levels, and the data is its second. ` +
  'Send a flatter structure, or the id of what the receiver can fetch.';

function childPath(parent: string | undefined, key: string, inArray: boolean): string {
  if (inArray) return `${parent ?? ''}[${key}]`;
  return parent ? `${parent}.${key}` : key;
}
