import { timingSafeEqual } from 'node:crypto';
import { headerOf, type ReceivedWebhookHeaders } from './received-headers.js';
import type { VerifyWebhookOptions, WebhookVerificationKeys } from './received-scheme.js';
import { InvalidWebhookSecretError, WebhookVerificationError } from './webhook-verification.error.js';

/** The request that a scheme verifies. If that does not throw, the request is genuine. */
export interface ReceivedRequest {
  readonly text: string;
  readonly headers: ReceivedWebhookHeaders;
  readonly keys: WebhookVerificationKeys;
  readonly options: VerifyWebhookOptions;
}

const DEFAULT_TOLERANCE_MS = 5 * 60_000;
const TIMESTAMP = /^[1-9]\d{0,11}$/;

export function required(headers: ReceivedWebhookHeaders, name: string): string {
  const value = headerOf(headers, name);
  if (value) return value;
  throw new WebhookVerificationError('missing-header', `it has no ${name} header.`);
}

/** Returns the seconds. Throws if they are too far from now. */
export function checkTimestamp(value: string, { toleranceMs, now }: VerifyWebhookOptions): number {
  if (!TIMESTAMP.test(value)) {
    throw new WebhookVerificationError('bad-timestamp', 'its timestamp is not a number of seconds.');
  }
  const seconds = Number(value);
  const ageMs = (now ?? Date.now)() - seconds * 1_000;
  const tolerance = toleranceMs ?? DEFAULT_TOLERANCE_MS;
  // Negated, so that NaN is refused.
  if (!(ageMs <= tolerance)) throw new WebhookVerificationError('too-old', 'it was sent too long ago.');
  if (!(ageMs >= -tolerance))
    throw new WebhookVerificationError('too-new', 'its timestamp is in the future.');
  return seconds;
}

/** Compares in constant time, apart from the length. */
export function checkOneOf(expected: readonly string[], given: readonly string[]): void {
  const buffers = given.map((text) => Buffer.from(text));
  const isOne = expected
    .map((text) => Buffer.from(text))
    .some((right) => buffers.some((one) => one.length === right.length && timingSafeEqual(one, right)));
  if (!isOne) throw badSignature();
}

export const badSignature = (made = 'the secret'): WebhookVerificationError =>
  new WebhookVerificationError('bad-signature', `no signature was made with ${made}.`);

/** Refuses an empty text, such as that of a variable which is not set: everybody knows that key. */
export function textSecrets(keys: WebhookVerificationKeys): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  if (secrets.length === 0 || secrets.some((one) => one === undefined || one === ''))
    throw new InvalidWebhookSecretError('is missing.');
  if (secrets.some((one) => typeof one !== 'string')) throw new InvalidWebhookSecretError('is malformed.');
  return secrets as readonly string[];
}
