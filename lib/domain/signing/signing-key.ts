import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

/** Names from the HTTP Signature Algorithms registry (RFC 9421, section 6.2), with JOSE's names. */
export const KEY_ALGORITHMS = {
  ed25519: { jose: 'EdDSA', hash: null },
  'ecdsa-p256-sha256': { jose: 'ES256', hash: 'sha256' },
  'rsa-pss-sha512': { jose: 'PS512', hash: 'sha512' },
} as const;
export type KeyAlgorithm = keyof typeof KEY_ALGORITHMS;

/** A public key in the form of a JWK set (RFC 7517). */
export interface PublicJwk extends JsonWebKey {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
}

/** A private key that signs requests, with its public part. */
export interface SigningKey {
  readonly id: string;
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

const PRIVATE_PREFIX = 'whsk_';
const PUBLIC_PREFIX = 'whpk_';
const SEED_BYTES = 32;
/** PKCS #8 around the seed of an Ed25519 key (RFC 8410, section 7). */
const SEED_WRAP = Buffer.from('302e020100300506032b657004220420', 'hex');
const LEAST_RSA_BITS = 2048;
const KEY_ID = /^[!#-+\--[\]-~]{1,128}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[A-Za-z0-9+/]{2,3}={1,2}$/;

/**
 * Reads a key from PEM, a JWK, or `whsk_` and base64. Returns a text that says what is wrong, without any part of the
 * key.
 */
export function readSigningKey(given: unknown): SigningKey | string {
  const privateKey = privateKeyOf(given);
  if (!privateKey) return 'must be a private key: PEM (PKCS #8), a JWK, or whsk_ and base64';
  const algorithm = algorithmOf(privateKey);
  if (!algorithm) return 'must be a key of Ed25519, of the curve P-256, or of RSA with 2048 bits or more';
  const { kid } = Object(given) as { kid?: unknown };
  if (kid !== undefined && (typeof kid !== 'string' || !KEY_ID.test(kid))) {
    return 'must have a kid of at most 128 printable ASCII characters, without space, comma, quote and backslash';
  }
  const publicPart = createPublicKey(privateKey).export({ format: 'jwk' });
  const id = typeof kid === 'string' ? kid : thumbprint(publicPart);
  const { jose: alg } = KEY_ALGORITHMS[algorithm];
  return { id, algorithm, privateKey, publicJwk: { ...publicPart, kid: id, use: 'sig', alg } };
}

function privateKeyOf(given: unknown): KeyObject | undefined {
  try {
    if (typeof given === 'object' && given !== null)
      return createPrivateKey({ key: given as JsonWebKey, format: 'jwk' });
    if (typeof given !== 'string') return undefined;
    if (!given.startsWith(PRIVATE_PREFIX)) return createPrivateKey({ key: given, format: 'pem' });
    const encoded = given.slice(PRIVATE_PREFIX.length);
    const bytes = BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0);
    // The seed alone, or followed by the public key.
    if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES) return undefined;
    const der = Buffer.concat([SEED_WRAP, bytes.subarray(0, SEED_BYTES)]);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    // The library's message may quote the key.
    return undefined;
  }
}

/** The algorithm of a key; `undefined` if we know none. */
export function algorithmOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): KeyAlgorithm | undefined {
  if (type === 'ed25519') return 'ed25519';
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ecdsa-p256-sha256';
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS) return 'rsa-pss-sha512';
  return undefined;
}

const paddingOf = (algorithm: KeyAlgorithm): object =>
  algorithm === 'rsa-pss-sha512'
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }
    : { dsaEncoding: 'ieee-p1363' };

/** The signature of a text, in base64. */
export const signWith = ({ privateKey, algorithm }: SigningKey, text: string): string =>
  sign(KEY_ALGORITHMS[algorithm].hash, Buffer.from(text), {
    key: privateKey,
    ...paddingOf(algorithm),
  }).toString('base64');

export const verifyWith = (
  key: KeyObject,
  algorithm: KeyAlgorithm,
  text: string,
  signature: Buffer,
): boolean =>
  verify(KEY_ALGORITHMS[algorithm].hash, Buffer.from(text), { key, ...paddingOf(algorithm) }, signature);

/** The thumbprint of RFC 7638: only the required members, sorted by name. */
function thumbprint({ kty, crv, x, y, n, e }: JsonWebKey): string {
  const members = { crv, e, kty, n, x, y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

/**
 * A public key as the Standard Webhooks specification writes it: `whpk_` and base64. `undefined` if it is not Ed25519.
 */
export const standardPublicKey = ({ crv, x }: JsonWebKey): string | undefined =>
  crv === 'Ed25519' ? PUBLIC_PREFIX + Buffer.from(x!, 'base64url').toString('base64') : undefined;

/** Reads a public key from `whpk_` and base64, or from a JWK; `undefined` if it is none. */
export function readPublicKey(given: unknown): KeyObject | undefined {
  try {
    if (typeof given !== 'string') return createPublicKey({ key: given as JsonWebKey, format: 'jwk' });
    const bytes = Buffer.from(given.slice(PUBLIC_PREFIX.length), 'base64');
    if (!given.startsWith(PUBLIC_PREFIX) || bytes.length !== SEED_BYTES) return undefined;
    const key = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return undefined;
  }
}
