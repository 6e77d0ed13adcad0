import { timingSafeEqual } from 'node:crypto';
import { hmac } from '../domain/signing/hmac-scheme.js';
import { textOf } from './received-body.js';

const HEX_SIGNATURE = /^[0-9a-f]{64}$/;

/**
 * Whether `signature`, the single header with a hex HMAC-SHA256 of the body, was made with the secret (or one of
 * them). Compares in constant time and never throws. The scheme has no timestamp: see `verifyWebhook`.
 * @param body the raw body as it arrived, or `JSON.stringify` of the parsed one
 */
export function verifyWebhookHexSignature(
  body: string | Uint8Array,
  signature: string | readonly string[] | null | undefined,
  secret: string | readonly string[],
): boolean {
  const text = textOf(body);
  if (text === undefined || typeof signature !== 'string' || !HEX_SIGNATURE.test(signature)) return false;
  const given = Buffer.from(signature);
  return usable(secret).some((value) => timingSafeEqual(Buffer.from(hmac(value, text, 'hex')), given));
}

/** Leaves out an empty secret, such as that of a variable which is not set: everybody knows that key. */
function usable(secret: unknown): string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  return secrets.filter((value): value is string => typeof value === 'string' && value !== '');
}
