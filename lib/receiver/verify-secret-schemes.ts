import { hmac } from '../domain/signing/hmac-scheme.js';
import { standardKey } from '../domain/secret.js';
import { standardContent, standardSignature } from '../domain/signing/standard-scheme.js';
import { slackSignature, stripeSignature } from '../domain/signing/timestamped-schemes.js';
import {
  badSignature,
  checkOneOf,
  checkTimestamp,
  required,
  textSecrets,
  type ReceivedRequest,
} from './signature-checks.js';
import type { ReceivedWebhookScheme } from './received-scheme.js';
import { InvalidWebhookSecretError, WebhookVerificationError } from './webhook-verification.error.js';

type Scheme<Name extends string> = Extract<ReceivedWebhookScheme, { scheme: Name }>;

/** Of the Standard Webhooks specification, section "Signature scheme". */
const MIN_KEY_BYTES = 24;
const SECRET = /^(?:whsec_)?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/;
const STRIPE_PART = /^v1=[0-9a-f]{64}$/;

export function verifyStandard({ text, headers, keys, options }: ReceivedRequest): void {
  const expectedBy = standardKeys(keys, options.format);
  const id = required(headers, 'webhook-id');
  const timestamp = checkTimestamp(required(headers, 'webhook-timestamp'), options);
  const content = standardContent(id, timestamp, text);
  const given = required(headers, 'webhook-signature').split(' ');
  checkOneOf(
    expectedBy.map((key) => standardSignature(key, content)),
    given.filter((one) => SIGNATURE.test(one)),
  );
}

function standardKeys(keys: ReceivedRequest['keys'], format: 'raw' | undefined): readonly Buffer[] {
  const secrets = typeof keys === 'string' ? [keys] : keys;
  if (!Array.isArray(secrets) || secrets.length === 0) throw new InvalidWebhookSecretError('is missing.');
  if (format === 'raw') return textSecrets(keys).map((secret) => Buffer.from(secret));
  return (secrets as readonly unknown[]).map((value) => {
    if (typeof value !== 'string' || !SECRET.test(value))
      throw new InvalidWebhookSecretError('is malformed.');
    const key = standardKey(value);
    if (key.length < MIN_KEY_BYTES) throw new InvalidWebhookSecretError('is too short.');
    return key;
  });
}

export function verifyHmac({ text, headers, keys }: ReceivedRequest, scheme: Scheme<'hmac'>): void {
  const { header, prefix = '', encoding = 'hex' } = scheme;
  const secrets = textSecrets(keys);
  const given = required(headers, header.toLowerCase());
  checkOneOf(
    secrets.map((secret) => prefix + hmac(secret, text, encoding)),
    [given],
  );
}

export function verifyStripe(
  { text, headers, keys, options }: ReceivedRequest,
  { header }: Scheme<'stripe'>,
): void {
  const secrets = textSecrets(keys);
  const [first = '', ...parts] = required(headers, header.toLowerCase()).split(',');
  if (!first.startsWith('t=')) throw new WebhookVerificationError('bad-timestamp', 'it has no timestamp.');
  const timestamp = checkTimestamp(first.slice('t='.length), options);
  checkOneOf(
    secrets.map((secret) => `v1=${stripeSignature(secret, timestamp, text)}`),
    parts.filter((part) => STRIPE_PART.test(part)),
  );
}

export function verifySlack(
  { text, headers, keys, options }: ReceivedRequest,
  scheme: Scheme<'slack'>,
): void {
  const secrets = textSecrets(keys);
  const timestamp = checkTimestamp(required(headers, scheme.timestampHeader.toLowerCase()), options);
  const given = required(headers, scheme.header.toLowerCase());
  if (!given.startsWith('v0=')) throw badSignature();
  checkOneOf(
    secrets.map((secret) => slackSignature(secret, timestamp, text)),
    [given],
  );
}
