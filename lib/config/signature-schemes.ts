import { HmacScheme, type HmacEncoding } from '../domain/signing/hmac-scheme.js';
import {
  COMPONENTS,
  DEFAULT_COMPONENTS,
  DEFAULT_LABEL,
  MessageSignatureScheme,
  type SignatureComponent,
} from '../domain/signing/message-signature-scheme.js';
import { OwnScheme, type OwnSchemeOptions } from '../domain/signing/own-scheme.js';
import type { SecretRotation, SignatureScheme } from '../domain/signing/signature-scheme.js';
import type { SigningKey } from '../domain/signing/signing-key.js';
import { StandardScheme } from '../domain/signing/standard-scheme.js';
import { SlackScheme, StripeScheme } from '../domain/signing/timestamped-schemes.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

/** The options of each scheme. */
interface SchemeOptions {
  /** One header with the HMAC-SHA256 of the body. */
  hmac: {
    /** Default: `signature.header`. */
    readonly header?: string;
    /** The text before it: `sha256=`. Default: none. */
    readonly prefix?: string;
    /** Default: `hex`, in lower case. */
    readonly encoding?: HmacEncoding;
  };
  /** Standard Webhooks v1. */
  standard: object;
  /** Standard Webhooks v1a, with `signature.keys`. */
  'standard-v1a': object;
  /** Stripe's form: `t=…,v1=…`. `header`: by default `signature.header`. */
  stripe: { readonly header?: string };
  /** Slack's form: `v0=…`. Defaults: `signature.header` and `x-webhook-timestamp`. */
  slack: { readonly header?: string; readonly timestampHeader?: string };
  /** HTTP message signatures, with `signature.keys`. */
  rfc9421: {
    /** Default: `sig1`. */
    readonly label?: string;
    /** Default: `@method`, `@target-uri`, `content-digest`, `content-type` and `webhook-id`. */
    readonly components?: readonly SignatureComponent[];
  };
}
type SchemeName = keyof SchemeOptions;
type NamedScheme = { [Name in SchemeName]: { readonly scheme: Name } & SchemeOptions[Name] }[SchemeName];

/** The name of a scheme, a scheme with options, or one of the app's own. */
export type WebhookSchemeOption = SchemeName | NamedScheme | OwnSchemeOptions;

const NAMES: Readonly<Record<SchemeName, readonly string[]>> = {
  hmac: ['header', 'prefix', 'encoding'],
  standard: [],
  'standard-v1a': [],
  stripe: ['header'],
  slack: ['header', 'timestampHeader'],
  rfc9421: ['label', 'components'],
};
const OWN_NAMES = ['name', 'headers', 'sign'];

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const RESERVED =
  /^(webhook-|x-webhook-attempt$|content-|host$|connection$|user-agent$|transfer-encoding$|signature(-input)?$)/;
const PRINTABLE = /^[!-~]{0,64}$/;
/** A dictionary key of structured fields (RFC 9651). */
const LABEL = /^[a-z*][a-z0-9_.*-]{0,63}$/;

export interface SchemeDefaults {
  readonly header: string;
  readonly rotation: SecretRotation;
  readonly keys: readonly SigningKey[];
}

/** @throws InvalidWebhooksOptionError */
export function resolveSchemes(given: unknown, defaults: SchemeDefaults): readonly SignatureScheme[] {
  if (!Array.isArray(given) || given.length === 0) {
    fail(
      'signature.schemes',
      `must be a list such as ['standard'], got ${shown(given)}. A request is never sent unsigned.`,
    );
  }
  const options = (given as unknown[]).map((one, index) => optionOf(`signature.schemes[${index}]`, one));
  // They share headers.
  const both = (['standard', 'standard-v1a'] as const).every((name) =>
    options.some((one) => isNamed(one, name)),
  );
  const schemes = options.flatMap((one, index) =>
    both && isNamed(one, 'standard-v1a')
      ? []
      : {
          path: `signature.schemes[${index}]`,
          scheme: schemeOf(`signature.schemes[${index}]`, one, defaults, both),
        },
  );
  const seen = new Set<string>();
  for (const { path, scheme } of schemes) {
    for (const { name } of scheme.headers) {
      if (seen.has(name)) {
        fail(
          path,
          `sends the header ${name}, as one before it does. Give it another name, or leave one out.`,
        );
      }
      seen.add(name);
    }
  }
  return Object.freeze(schemes.map(({ scheme }) => scheme));
}

const isNamed = (option: NamedScheme | OwnSchemeOptions, name: SchemeName): boolean =>
  'scheme' in option && option.scheme === name;

function schemeOf(
  path: string,
  option: NamedScheme | OwnSchemeOptions,
  { header: fallback, rotation, keys }: SchemeDefaults,
  withV1a: boolean,
): SignatureScheme {
  if (!('scheme' in option)) return ownScheme(path, option);
  const header = (given: unknown): string => headerName(`${path}.header`, given ?? fallback);
  switch (option.scheme) {
    case 'hmac': {
      const { prefix = '', encoding = 'hex' } = option;
      if (typeof prefix !== 'string' || !PRINTABLE.test(prefix)) {
        fail(
          `${path}.prefix`,
          `must be a text such as 'sha256=', of at most 64 printable ASCII characters and no space, got ${shown(prefix)}.`,
        );
      }
      if (encoding !== 'hex' && encoding !== 'base64')
        fail(`${path}.encoding`, `must be 'hex' or 'base64', got ${shown(encoding)}.`);
      return new HmacScheme({ header: header(option.header), prefix, encoding }, rotation);
    }
    case 'standard':
      return new StandardScheme({ secrets: true, keys: withV1a ? standardKeys(path, keys) : [] });
    case 'standard-v1a':
      return new StandardScheme({ secrets: false, keys: standardKeys(path, keys) });
    case 'stripe':
      return new StripeScheme(header(option.header));
    case 'slack': {
      const timestampHeader = headerName(
        `${path}.timestampHeader`,
        option.timestampHeader ?? 'x-webhook-timestamp',
      );
      return new SlackScheme({ header: header(option.header), timestampHeader }, rotation);
    }
    case 'rfc9421':
      return messageSignature(path, option, keys);
  }
}

function standardKeys(path: string, keys: readonly SigningKey[]): readonly SigningKey[] {
  const usable = keys.filter(({ algorithm }) => algorithm === 'ed25519');
  if (usable.length > 0) return usable;
  return fail(path, "needs an Ed25519 key: 'standard-v1a' signs with signature.keys, which has none.");
}

function messageSignature(
  path: string,
  { label = DEFAULT_LABEL, components = DEFAULT_COMPONENTS }: SchemeOptions['rfc9421'],
  [key]: readonly SigningKey[],
): MessageSignatureScheme {
  if (!key) fail(path, "needs a key: 'rfc9421' signs with the first of signature.keys, which is empty.");
  if (typeof label !== 'string' || !LABEL.test(label))
    fail(`${path}.label`, `must be a name such as 'sig1', in lower case, got ${shown(label)}.`);
  const known = Array.isArray(components) && components.every((one) => COMPONENTS.includes(one));
  if (!known || new Set(components).size !== components.length || !components.includes('content-digest')) {
    fail(
      `${path}.components`,
      `must be a list with 'content-digest', of ${COMPONENTS.map((one) => `'${one}'`).join(', ')}, got ${shown(components)}.`,
    );
  }
  return new MessageSignatureScheme(key, { label, components: Object.freeze([...components]) });
}

function ownScheme(path: string, { name, headers, sign }: OwnSchemeOptions): OwnScheme {
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name))
    fail(`${path}.name`, `must be a name of letters, digits, dots and hyphens, got ${shown(name)}.`);
  if (typeof sign !== 'function') fail(`${path}.sign`, `must be a function, got ${typeof sign}.`);
  const entries = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
  if (entries.length === 0 || entries.some(([, text]) => typeof text !== 'string')) {
    fail(
      `${path}.headers`,
      `must say what stands in each header, such as { 'x-acme-signature': 'The signature.' }, got ${shown(headers)}.`,
    );
  }
  for (const [header] of entries) headerName(`${path}.headers`, header);
  return new OwnScheme({ name, headers: { ...headers }, sign });
}

function optionOf(path: string, given: unknown): NamedScheme | OwnSchemeOptions {
  const option = typeof given === 'string' ? { scheme: given } : given;
  if (typeof option === 'object' && option !== null) {
    const { scheme } = option as { scheme?: unknown };
    const isOwn = scheme === undefined && ('sign' in option || 'name' in option);
    if (isOwn) return checkedNames(path, option as OwnSchemeOptions, 'a scheme of your own', OWN_NAMES);
    if (typeof scheme === 'string' && Object.hasOwn(NAMES, scheme)) {
      const names = ['scheme', ...NAMES[scheme as SchemeName]];
      return checkedNames(path, option as NamedScheme, `'${scheme}'`, names);
    }
  }
  const known = Object.keys(NAMES)
    .map((name) => `'${name}'`)
    .join(', ');
  return fail(
    path,
    `must be one of ${known}, or { scheme: 'hmac', … } with options, or { name, headers, sign } of your own, got ${shown(given)}.`,
  );
}

function checkedNames<Option extends object>(
  path: string,
  option: Option,
  what: string,
  names: readonly string[],
): Option {
  const unknown = Object.keys(option).find((name) => !names.includes(name));
  if (unknown === undefined) return option;
  return fail(
    `${path}.${unknown}`,
    `is no option of ${what}. There are ${names.map((name) => `'${name}'`).join(', ')}.`,
  );
}

/** @throws InvalidWebhooksOptionError */
export function headerName(path: string, given: unknown): string {
  const header = String(given).toLowerCase();
  if (typeof given === 'string' && TOKEN.test(header) && !RESERVED.test(header)) return header;
  return fail(path, `must be a header name of your own such as 'x-acme-signature', got ${shown(given)}.`);
}

const shown = (given: unknown): string => JSON.stringify(given)?.slice(0, 100) ?? String(given);

function fail(option: string, problem: string): never {
  throw new InvalidWebhooksOptionError(option, problem);
}
