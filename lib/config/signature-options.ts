import { parseDuration, type WebhookDuration } from '../domain/duration.js';
import { HmacScheme, type HmacEncoding } from '../domain/signing/hmac-scheme.js';
import type { SecretRotation, SignatureScheme } from '../domain/signing/signature-scheme.js';
import { StandardScheme } from '../domain/signing/standard-scheme.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

/** One header with the HMAC-SHA256 of the body. */
export interface WebhookHmacSchemeOptions {
  readonly scheme: 'hmac';
  /** Default: `signature.header`. */
  readonly header?: string;
  /** What stands before it: `sha256=`. Default: nothing. */
  readonly prefix?: string;
  /** Default: `hex`, in lower case. */
  readonly encoding?: HmacEncoding;
}

/** A scheme by its name, with its defaults, or with what it can be told. */
export type WebhookSchemeOption =
  'hmac' | 'standard' | WebhookHmacSchemeOptions | { readonly scheme: 'standard' };

export interface WebhooksSignatureOptions {
  /** The header with the hex HMAC of the body. Default: `x-webhook-signature`. */
  header?: string;
  /** Which secret makes a signature that there can be only one of, while two are live. Default: `old`. */
  rotation?: SecretRotation;
  /** How long a rotated secret goes on signing. Default: `24h`. */
  overlap?: WebhookDuration;
  /** How every request is signed. Default: `['hmac', 'standard']`. */
  schemes?: readonly WebhookSchemeOption[];
}

/** The options with their defaults. */
export interface WebhooksSignatureConfig {
  readonly rotation: SecretRotation;
  readonly overlapMs: number;
  readonly schemes: readonly SignatureScheme[];
  /** All that the schemes send: no endpoint has headers of these names. */
  readonly headerNames: readonly string[];
  /** The header of the plain hex HMAC; `null` where it is off. */
  readonly hexHeader: string | null;
}

const DEFAULT_HEADER = 'x-webhook-signature';
const DEFAULT_SCHEMES = ['hmac', 'standard'] as const;
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const RESERVED = /^(webhook-|x-webhook-attempt$|content-|host$|connection$|user-agent$|transfer-encoding$)/;
const PRINTABLE = /^[!-~]{0,64}$/;

/** What each scheme can be told. */
const NAMES = { hmac: ['header', 'prefix', 'encoding'], standard: [] } as const;

type SchemeOption = Exclude<WebhookSchemeOption, string>;

/** @throws InvalidWebhooksOptionError */
export function resolveSignature(options: WebhooksSignatureOptions): WebhooksSignatureConfig {
  const header = headerName('signature.header', options.header ?? DEFAULT_HEADER);
  const rotation = options.rotation ?? 'old';
  if (rotation !== 'old' && rotation !== 'new') {
    fail('signature.rotation', `must be 'old' or 'new', got ${JSON.stringify(rotation)}.`);
  }
  const overlapMs = parseDuration(options.overlap ?? '24h');
  if (overlapMs === undefined) {
    fail(
      'signature.overlap',
      `must be a duration such as '15s', '5m' or a number of ms, got ${JSON.stringify(options.overlap)}.`,
    );
  }
  const schemes = resolveSchemes(options.schemes ?? DEFAULT_SCHEMES, { header, rotation });
  return Object.freeze({
    rotation,
    overlapMs: overlapMs!,
    schemes,
    headerNames: Object.freeze(schemes.flatMap(({ headers }) => headers.map(({ name }) => name))),
    hexHeader: hexHeaderOf(schemes),
  });
}

interface Defaults {
  readonly header: string;
  readonly rotation: SecretRotation;
}

function resolveSchemes(given: unknown, defaults: Defaults): readonly SignatureScheme[] {
  if (!Array.isArray(given) || given.length === 0) {
    fail(
      'signature.schemes',
      `must be a list such as ['standard'], got ${shown(given)}. A request is never sent unsigned.`,
    );
  }
  const schemes = (given as unknown[]).map((one, index) =>
    scheme(`signature.schemes[${index}]`, one, defaults),
  );
  const seen = new Set<string>();
  for (const [index, { headers }] of schemes.entries()) {
    for (const { name } of headers) {
      if (seen.has(name)) {
        fail(
          `signature.schemes[${index}]`,
          `sends the header ${name}, as one before it does. Give it another name, or leave one out.`,
        );
      }
      seen.add(name);
    }
  }
  return Object.freeze(schemes);
}

function scheme(path: string, given: unknown, { header, rotation }: Defaults): SignatureScheme {
  const option = optionOf(path, given);
  switch (option.scheme) {
    case 'hmac':
      return new HmacScheme(
        {
          header: option.header === undefined ? header : headerName(`${path}.header`, option.header),
          prefix: printable(`${path}.prefix`, option.prefix ?? ''),
          encoding: oneOf(`${path}.encoding`, option.encoding ?? 'hex', ['hex', 'base64']),
        },
        rotation,
      );
    case 'standard':
      return new StandardScheme();
  }
}

function optionOf(path: string, given: unknown): SchemeOption {
  const option = (typeof given === 'string' ? { scheme: given } : given) as SchemeOption;
  const known = Object.keys(NAMES)
    .map((name) => `'${name}'`)
    .join(', ');
  if (typeof option !== 'object' || option === null || !Object.hasOwn(NAMES, String(option.scheme))) {
    fail(path, `must be one of ${known}, or { scheme: 'hmac', … }, got ${shown(given)}.`);
  }
  const names: readonly string[] = NAMES[option.scheme];
  const unknown = Object.keys(option).find((name) => name !== 'scheme' && !names.includes(name));
  if (unknown !== undefined) {
    const there =
      names.length === 0 ? 'It has none.' : `There are ${names.map((name) => `'${name}'`).join(', ')}.`;
    fail(`${path}.${unknown}`, `is no option of '${option.scheme}'. ${there}`);
  }
  return option;
}

function headerName(path: string, given: unknown): string {
  const header = String(given).toLowerCase();
  if (typeof given === 'string' && TOKEN.test(header) && !RESERVED.test(header)) return header;
  return fail(path, `must be a header name of your own such as 'x-acme-signature', got ${shown(given)}.`);
}

function printable(path: string, given: unknown): string {
  if (typeof given === 'string' && PRINTABLE.test(given)) return given;
  return fail(
    path,
    `must be a text such as 'sha256=', of at most 64 printable ASCII characters and no space, got ${shown(given)}.`,
  );
}

function oneOf<Value extends string>(path: string, given: unknown, values: readonly Value[]): Value {
  const value = values.find((one) => one === given);
  if (value !== undefined) return value;
  return fail(path, `must be ${values.map((one) => `'${one}'`).join(' or ')}, got ${shown(given)}.`);
}

/** The plain one, which has code in seven languages; not one with a prefix, or in base64. */
function hexHeaderOf(schemes: readonly SignatureScheme[]): string | null {
  const hex = schemes.find(
    (one): one is HmacScheme =>
      one instanceof HmacScheme && one.form.prefix === '' && one.form.encoding === 'hex',
  );
  return hex?.form.header ?? null;
}

const shown = (given: unknown): string => JSON.stringify(given)?.slice(0, 100) ?? String(given);

function fail(option: string, problem: string): never {
  throw new InvalidWebhooksOptionError(option, problem);
}
