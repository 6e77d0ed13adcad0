import { timingSafeEqual } from 'node:crypto';
import { standardKey } from '../domain/secret.js';
import { standardSignature } from '../domain/signing/standard-scheme.js';
import { headerOf, type ReceivedWebhookHeaders } from './received-headers.js';
import { textOf } from './received-body.js';
import { InvalidWebhookSecretError, WebhookVerificationError } from './webhook-verification.error.js';

export interface VerifyWebhookOptions {
  /** How far `webhook-timestamp` may be from now, both ways. Default: 5 minutes. `Infinity`: any. */
  readonly toleranceMs?: number;
  /** Epoch ms. Default: `Date.now`. */
  readonly now?: () => number;
}

/** A verified event. `data` is typed by the caller and not validated here. */
export interface ReceivedWebhookEvent<Data = unknown> {
  /** The same on every attempt: what to recognise duplicates by. */
  readonly id: string;
  readonly type: string;
  /** Epoch ms, in whole seconds. */
  readonly createdAt: number;
  readonly data: Data;
}

const DEFAULT_TOLERANCE_MS = 5 * 60_000;
/** Of the Standard Webhooks specification, section "Signature scheme". */
const MIN_KEY_BYTES = 24;
const SECRET = /^(?:whsec_)?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/;
const TIMESTAMP = /^[1-9]\d{0,11}$/;

/**
 * Verifies a request by its Standard Webhooks headers and gives its event. One signature of the header must be
 * made with one of the secrets. Signatures are compared in constant time.
 * @param body the raw body as it arrived, not a parsed one
 * @param headers names in any case
 * @throws WebhookVerificationError whose `reason` says why the request must not be trusted
 * @throws InvalidWebhookSecretError where what was given is no secret
 */
export function verifyWebhook<Data = unknown>(
  body: string | Uint8Array,
  headers: ReceivedWebhookHeaders,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): ReceivedWebhookEvent<Data> {
  const secrets = checkSecrets(secret);
  const id = required(headers, 'webhook-id');
  const timestamp = checkTimestamp(required(headers, 'webhook-timestamp'), options);
  const signatures = required(headers, 'webhook-signature').split(' ');
  const text = textOf(body);
  if (text === undefined) {
    throw new WebhookVerificationError('bad-body', 'the body must be the raw one, as UTF-8 text or bytes.');
  }
  const expected = secrets.map((value) => Buffer.from(standardSignature(value, id, timestamp, text)));
  if (!signatures.some((signature) => isOneOf(expected, signature))) {
    throw new WebhookVerificationError('bad-signature', 'no signature was made with the secret.');
  }
  return parseEvent<Data>(text);
}

function checkSecrets(secret: string | readonly string[]): readonly string[] {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.length === 0) throw new InvalidWebhookSecretError('is missing.');
  for (const value of secrets as readonly unknown[]) {
    if (typeof value !== 'string' || !SECRET.test(value))
      throw new InvalidWebhookSecretError('is malformed.');
    if (standardKey(value).length < MIN_KEY_BYTES) throw new InvalidWebhookSecretError('is too short.');
  }
  return secrets as readonly string[];
}

function required(headers: ReceivedWebhookHeaders, name: string): string {
  const value = headerOf(headers, name);
  if (value) return value;
  throw new WebhookVerificationError('missing-header', `it has no ${name} header.`);
}

function checkTimestamp(value: string, { toleranceMs, now }: VerifyWebhookOptions): number {
  if (!TIMESTAMP.test(value)) {
    throw new WebhookVerificationError('bad-timestamp', 'webhook-timestamp is not a number of seconds.');
  }
  const seconds = Number(value);
  const ageMs = (now ?? Date.now)() - seconds * 1_000;
  const tolerance = toleranceMs ?? DEFAULT_TOLERANCE_MS;
  // Negated, so that NaN refuses.
  if (!(ageMs <= tolerance)) throw new WebhookVerificationError('too-old', 'it was sent too long ago.');
  if (!(ageMs >= -tolerance))
    throw new WebhookVerificationError('too-new', 'its timestamp is in the future.');
  return seconds;
}

function isOneOf(expected: readonly Buffer[], signature: string): boolean {
  if (!SIGNATURE.test(signature)) return false;
  const given = Buffer.from(signature);
  return expected.some((buffer) => timingSafeEqual(buffer, given));
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
