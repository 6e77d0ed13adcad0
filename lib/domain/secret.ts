import { type AnyCoded } from './field-problems.js';
import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** Each secret makes the signature header 48 characters longer, and some servers refuse headers of 8 KB. */
export const MAX_LIVE_SECRETS = 10;

/** A secret of an endpoint. It signs until `expiresAt` (epoch ms); `null`: without end. */
export interface WebhookSecret {
  readonly value: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

/** `whsec_` and 32 random bytes in base64: the form of the Standard Webhooks specification. */
export function newSecretValue(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** Whether `newSecretValue` could have made it. */
export const isNewSecret = (value: string): boolean => /^whsec_[A-Za-z0-9+/]{43}=$/.test(value);

/** The HMAC key of the Standard Webhooks scheme: the base64 after the prefix, decoded. */
export function standardKey(secretValue: string): Buffer {
  return Buffer.from(secretValue.slice(secretValue.startsWith(PREFIX) ? PREFIX.length : 0), 'base64');
}

/** 64 bytes in hex. */
const MAX_OWN_LENGTH = 128;
const LEAST_KEY_BYTES = 24;
const MOST_KEY_BYTES = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What stands after the name of the field, and the same for programs. */
export type SecretProblem = readonly [text: string, ...coded: AnyCoded];

/**
 * Says why a customer's own secret can't sign; `undefined` if it can. It must be `whsec_` and base64 of 24 to 64 bytes,
 * or any other text of 24 to 128 printable ASCII characters. The answer contains nothing of the value.
 */
export function ownSecretProblem(value: unknown): SecretProblem | undefined {
  if (typeof value !== 'string') return ['must be a text.', 'not-text'];
  if (value.startsWith(PREFIX)) {
    const encoded = value.slice(PREFIX.length);
    const { length } = BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : [];
    if (length >= LEAST_KEY_BYTES && length <= MOST_KEY_BYTES) return undefined;
    const text = `must have base64 of ${LEAST_KEY_BYTES} to ${MOST_KEY_BYTES} bytes after ${PREFIX}.`;
    return [text, 'secret-base64', { least: LEAST_KEY_BYTES, most: MOST_KEY_BYTES }];
  }
  if (value.length < LEAST_KEY_BYTES || value.length > MAX_OWN_LENGTH) {
    const text = `must have ${LEAST_KEY_BYTES} to ${MAX_OWN_LENGTH} characters, got ${value.length}.`;
    return [text, 'text-length', { least: LEAST_KEY_BYTES, most: MAX_OWN_LENGTH }];
  }
  if (!/^[!-~]+$/.test(value))
    return ['must have printable ASCII characters only, and no space.', 'not-ascii-word'];
  return undefined;
}

/** The key of the Standard Webhooks scheme for a stored secret. A plain text that a customer brought is its own key. */
export const secretKey = (value: string): Buffer =>
  value.startsWith(PREFIX) ? standardKey(value) : Buffer.from(value);

/** The secrets that sign at `now`, newest first. */
export function liveSecrets(secrets: readonly WebhookSecret[], now: number): readonly WebhookSecret[] {
  // The usual case, in the path of every request.
  if (secrets.length === 1 && secrets[0]!.expiresAt === null) return secrets;
  return secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > now)
    .sort((a, b) => b.createdAt - a.createdAt);
}

/**
 * Adds a new secret. The ones before it stay valid for `overlapMs` more (0: they end at once), but never longer than
 * they already were.
 */
export function rotateSecrets(
  secrets: readonly WebhookSecret[],
  value: string,
  now: number,
  overlapMs: number,
): WebhookSecret[] {
  const end = now + overlapMs;
  const earlier = secrets.map((secret) => ({
    ...secret,
    expiresAt: secret.expiresAt === null ? end : Math.min(secret.expiresAt, end),
  }));
  const newest = earlier.reduce((latest, secret) => Math.max(latest, secret.createdAt + 1), now);
  return [{ value, createdAt: newest, expiresAt: null }, ...liveSecrets(earlier, now)];
}
