import { fieldProblem, type AnyCoded } from './field-problems.js';
import type { WebhookFieldProblem } from './webhooks.error.js';

export const MAX_HEADERS = 20;
const MAX_NAME_LENGTH = 64;
const MAX_VALUE_LENGTH = 1024;

/** A `token` of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * Headers for framing, routing and our own wire format, and those that make a proxy or a metadata service trust a
 * request.
 */
const REFUSED_NAMES: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'http2-settings',
  'accept-encoding',
  'cookie',
  'cookie2',
  'set-cookie',
  'forwarded',
  'via',
  'x-real-ip',
  'user-agent',
  'x-webhook-attempt',
  'metadata',
  'x-identity-header',
  // Names that mean something else to a JavaScript object.
  'prototype',
  ...Object.getOwnPropertyNames(Object.prototype).map((name) => name.toLowerCase()),
]);

const REFUSED_PREFIXES = [
  'content-',
  'proxy-',
  'x-forwarded-',
  'webhook-',
  // AWS, Google Cloud, Alibaba Cloud, DigitalOcean, IBM Cloud, Linode
  'x-aws-ec2-metadata-',
  'x-google-metadata-',
  'x-aliyun-ecs-metadata-',
  'x-metadata-',
  'metadata-',
];

/**
 * Lists what is wrong with an endpoint's own headers. Values never appear in a message, since they may be credentials.
 * @param ownHeaders names that the app's configuration sends, such as its signature header
 * @param stored headers that may stay as they are, whatever the rules say by now
 */
export function checkCustomHeaders(
  headers: unknown,
  ownHeaders: readonly string[],
  stored: Readonly<Record<string, string>> = {},
): WebhookFieldProblem[] {
  if (headers === undefined) return [];
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    return [fieldProblem('headers', 'headers must be an object of header names and values.', 'not-object')];
  }
  const entries = Object.entries(headers);
  const isStored = (name: string, value: unknown): boolean =>
    Object.hasOwn(stored, name) && stored[name] === value;
  if (entries.length > MAX_HEADERS && !entries.every(([name, value]) => isStored(name, value))) {
    const message = `headers must hold at most ${MAX_HEADERS}, got ${entries.length}.`;
    return [fieldProblem('headers', message, 'too-many-items', { most: MAX_HEADERS })];
  }
  return judged(entries, ownHeaders).flatMap(({ name, value, problem }) =>
    problem && !isStored(name, value) ? [describe(name, problem)] : [],
  );
}

/**
 * The stored headers of an endpoint that the rules allow, with names in lower case. They were checked before they were
 * stored. But rules grow, the app's own headers change, and others can write rows.
 */
export function allowedCustomHeaders(
  headers: unknown,
  ownHeaders: readonly string[],
): Record<string, string> {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return {};
  const entries = Object.entries(headers);
  if (entries.length === 0) return {};
  const allowed = judged(entries, ownHeaders).filter(({ problem }) => problem === undefined);
  return Object.fromEntries(
    allowed.slice(0, MAX_HEADERS).map(({ name, value }) => [name.toLowerCase(), String(value)]),
  );
}

type HeaderProblem = readonly [text: string, ...coded: AnyCoded];

interface JudgedHeader {
  readonly name: string;
  readonly value: unknown;
  readonly problem: HeaderProblem | undefined;
}

function judged(entries: readonly [string, unknown][], ownHeaders: readonly string[]): JudgedHeader[] {
  const own = new Set(ownHeaders.map((name) => name.toLowerCase()));
  const seen = new Set<string>();
  return entries.map(([name, value]) => {
    const problem = checkName(name, own, seen) ?? checkValue(value);
    seen.add(name.toLowerCase());
    return { name, value, problem };
  });
}

function checkName(
  name: string,
  own: ReadonlySet<string>,
  seen: ReadonlySet<string>,
): HeaderProblem | undefined {
  if (name.length > MAX_NAME_LENGTH) {
    const text = `must have a name of at most ${MAX_NAME_LENGTH} characters.`;
    return [text, 'header-name-too-long', { most: MAX_NAME_LENGTH }];
  }
  if (!TOKEN.test(name)) return ['must have a name of letters, digits and hyphens.', 'header-name'];
  const lower = name.toLowerCase();
  if (
    own.has(lower) ||
    REFUSED_NAMES.has(lower) ||
    REFUSED_PREFIXES.some((prefix) => lower.startsWith(prefix))
  ) {
    return ['is set by us or reserved. Use another name.', 'header-reserved'];
  }
  return seen.has(lower)
    ? ['is given twice: names are the same in upper and lower case.', 'header-twice']
    : undefined;
}

function checkValue(value: unknown): HeaderProblem | undefined {
  if (typeof value !== 'string') return ['must have a string as its value.', 'header-value-not-text'];
  if (value.length > MAX_VALUE_LENGTH) {
    const text = `must have a value of at most ${MAX_VALUE_LENGTH} characters.`;
    return [text, 'header-value-too-long', { most: MAX_VALUE_LENGTH }];
  }
  if (!PRINTABLE_ASCII.test(value))
    return ['must have a value of printable ASCII characters only.', 'header-value-not-ascii'];
  return value.trim() === value
    ? undefined
    : ['must have a value with no space at its beginning or end.', 'header-value-space'];
}

function describe(name: string, [text, ...coded]: HeaderProblem): WebhookFieldProblem {
  const shown = name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
  return fieldProblem(`headers.${shown}`, `The header ${JSON.stringify(shown)} ${text}`, ...coded);
}
