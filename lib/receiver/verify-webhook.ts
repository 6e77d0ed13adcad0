import { textOf } from './received-body.js';
import type { ReceivedWebhookHeaders } from './received-headers.js';
import type { VerifyWebhookOptions, WebhookVerificationKeys } from './received-scheme.js';
import type { ReceivedRequest } from './signature-checks.js';
import { verifyMessageSignature, verifyStandardV1a } from './verify-key-schemes.js';
import { verifyHmac, verifySlack, verifyStandard, verifyStripe } from './verify-secret-schemes.js';
import { WebhookVerificationError } from './webhook-verification.error.js';

/** A verified event. The caller declares the type of `data`; it is not validated here. */
export interface ReceivedWebhookEvent<Data = unknown> {
  /** The same on every attempt: recognise duplicates by it. */
  readonly id: string;
  readonly type: string;
  /** Epoch ms, in whole seconds. */
  readonly createdAt: number;
  readonly data: Data;
}

/**
 * Verifies a request and returns its event: by its Standard Webhooks headers, or by the scheme that `options` names.
 * One signature must match one of the secrets or public keys. Signatures are compared in constant time.
 * @param body the raw body as it arrived, not a parsed one
 * @param headers names in any case
 * @throws WebhookVerificationError whose `reason` says why the request must not be trusted
 * @throws InvalidWebhookSecretError if `keys` has no usable secret or public key
 */
export function verifyWebhook<Data = unknown>(
  body: string | Uint8Array,
  headers: ReceivedWebhookHeaders,
  secret: WebhookVerificationKeys,
  options: VerifyWebhookOptions = {},
): ReceivedWebhookEvent<Data> {
  return parseEvent<Data>(verifySignature(body, headers, secret, options));
}

/** Returns the verified body. @throws WebhookVerificationError, InvalidWebhookSecretError */
export function verifySignature(
  body: string | Uint8Array,
  headers: ReceivedWebhookHeaders,
  keys: WebhookVerificationKeys,
  options: VerifyWebhookOptions,
): string {
  const text = textOf(body);
  if (text === undefined) {
    throw new WebhookVerificationError('bad-body', 'the body must be the raw one, as UTF-8 text or bytes.');
  }
  verify({ text, headers, keys, options });
  return text;
}

function verify(request: ReceivedRequest): void {
  const { scheme = 'standard' } = request.options;
  const option = typeof scheme === 'string' ? { scheme } : scheme;
  switch (option.scheme) {
    case 'standard':
      return verifyStandard(request);
    case 'standard-v1a':
      return verifyStandardV1a(request);
    case 'hmac':
      return verifyHmac(request, option);
    case 'stripe':
      return verifyStripe(request, option);
    case 'slack':
      return verifySlack(request, option);
    case 'rfc9421':
      return verifyMessageSignature(request, option);
    default:
      throw new TypeError(`There is no scheme ${String((option as { scheme: unknown }).scheme)}.`);
  }
}

function parseEvent<Data>(text: string): ReceivedWebhookEvent<Data> {
  const envelope = parseJson(text);
  if (isEnvelope(envelope)) {
    const createdAt = Date.parse(envelope.created_at);
    const { id, event_type: type, data } = envelope;
    if (!Number.isNaN(createdAt)) return { id, type, createdAt, data: data as Data };
  }
  throw new WebhookVerificationError('bad-body', 'its body is not the JSON of an event.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own error quotes the body.
    return undefined;
  }
}

interface Envelope {
  readonly id: string;
  readonly event_type: string;
  readonly created_at: string;
  readonly data: unknown;
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { id, event_type, created_at } = value as Record<string, unknown>;
  const texts = [id, event_type, created_at];
  return texts.every((text) => typeof text === 'string' && text !== '') && Object.hasOwn(value, 'data');
}
