import type { JsonWebKey } from 'node:crypto';
import { parseDuration, type WebhookDuration } from '../domain/duration.js';
import { HmacScheme } from '../domain/signing/hmac-scheme.js';
import type { SecretRotation, SignatureScheme } from '../domain/signing/signature-scheme.js';
import { readSigningKey, type PublicJwk, type SigningKey } from '../domain/signing/signing-key.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { headerName, resolveSchemes, type WebhookSchemeOption } from './signature-schemes.js';

export interface WebhooksSignatureOptions {
  /** The header of the schemes that have one. By default that is the hex HMAC. Default: `x-webhook-signature`. */
  header?: string;
  /** Which secret signs while two are live, in a header with room for one signature. Default: `old`. */
  rotation?: SecretRotation;
  /** How long a rotated secret stays valid. Default: `24h`. */
  overlap?: WebhookDuration;
  /** How every request is signed. Default: `['hmac', 'standard']`. */
  schemes?: readonly WebhookSchemeOption[];
  /**
   * Private keys of `standard-v1a` and `rfc9421`: PEM (PKCS #8), JWKs, or `whsk_` and base64. All are published; the
   * first one of a kind signs. Default: none.
   */
  keys?: readonly (string | JsonWebKey)[];
  /** Whether creation and rotation take a secret, for customers whose servers already know one. Default: false. */
  ownSecrets?: boolean;
}

/** The options with their defaults. */
export interface WebhooksSignatureConfig {
  readonly rotation: SecretRotation;
  readonly overlapMs: number;
  readonly schemes: readonly SignatureScheme[];
  /** All headers that the schemes send. No endpoint may have headers with these names. */
  readonly headerNames: readonly string[];
  /** The header of the plain hex HMAC; `null` if it is off. */
  readonly hexHeader: string | null;
  /** The public keys of the private ones, in the same order. */
  readonly publicKeys: readonly PublicJwk[];
  readonly ownSecrets: boolean;
}

const DEFAULT_HEADER = 'x-webhook-signature';
const DEFAULT_SCHEMES = ['hmac', 'standard'] as const;
const MOST_KEYS = 10;

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
  const ownSecrets = options.ownSecrets ?? false;
  if (typeof ownSecrets !== 'boolean')
    fail('signature.ownSecrets', `must be true or false, got ${JSON.stringify(ownSecrets)}.`);
  const keys = resolveKeys(options.keys ?? []);
  const schemes = resolveSchemes(options.schemes ?? DEFAULT_SCHEMES, { header, rotation, keys });
  return Object.freeze({
    rotation,
    overlapMs,
    schemes,
    headerNames: Object.freeze(schemes.flatMap(({ headers }) => headers.map(({ name }) => name))),
    hexHeader: hexHeaderOf(schemes),
    ownSecrets,
    publicKeys: Object.freeze(keys.map(({ publicJwk }) => publicJwk)),
  });
}

/** No message contains any part of a key. */
function resolveKeys(given: unknown): readonly SigningKey[] {
  if (!Array.isArray(given))
    fail('signature.keys', `must be a list, got ${typeof given}. Write [key] for one.`);
  if (given.length > MOST_KEYS) fail('signature.keys', `can have ${MOST_KEYS} at most, got ${given.length}.`);
  const ids = new Set<string>();
  return (given as unknown[]).map((one, index) => {
    const key = readSigningKey(one);
    if (typeof key === 'string') {
      return fail(
        `signature.keys[${index}]`,
        `${key}. Make one with: node -p "require('crypto').generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })"`,
      );
    }
    if (ids.has(key.id)) fail(`signature.keys[${index}]`, 'has the id of another one.');
    ids.add(key.id);
    return key;
  });
}

/** The header of the plain HMAC, for which the guide has code. Not one with a prefix, or in base64. */
function hexHeaderOf(schemes: readonly SignatureScheme[]): string | null {
  const hex = schemes.find(
    (one): one is HmacScheme =>
      one instanceof HmacScheme && one.form.prefix === '' && one.form.encoding === 'hex',
  );
  return hex?.form.header ?? null;
}

function fail(option: string, problem: string): never {
  throw new InvalidWebhooksOptionError(option, problem);
}
