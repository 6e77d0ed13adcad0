import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
/** Each makes the signature header 48 characters longer: servers refuse headers of 8 KB. */
export const MAX_LIVE_SECRETS = 10;

/** A secret of an endpoint. It signs until `expiresAt` (epoch ms), or for ever where that is `null`. */
export interface WebhookSecret {
  readonly value: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

/** `whsec_` and 32 random bytes in base64: the form of the Standard Webhooks specification. */
export function newSecretValue(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** The HMAC key of the Standard Webhooks scheme: the base64 after the prefix, decoded. */
export function standardKey(secretValue: string): Buffer {
  return Buffer.from(secretValue.slice(secretValue.startsWith(PREFIX) ? PREFIX.length : 0), 'base64');
}

/** The secrets that sign at `now`, newest first. */
export function liveSecrets(secrets: readonly WebhookSecret[], now: number): readonly WebhookSecret[] {
  // As nearly every endpoint has it, for every request.
  if (secrets.length === 1 && secrets[0]!.expiresAt === null) return secrets;
  return secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > now)
    .sort((a, b) => b.createdAt - a.createdAt);
}

/**
 * A new secret takes over; the ones before it live for `overlapMs` more (0: they end at once), never longer
 * than they already had.
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
