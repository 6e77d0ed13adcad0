import { createHmac } from 'node:crypto';
import { standardKey } from './secret.js';

/** Lower-case hex HMAC-SHA256 of the body, keyed with the secret's text, `whsec_` included. */
export function hexSignature(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * One signature of the Standard Webhooks specification, v1: `v1,` and base64 HMAC-SHA256 of
 * `id.timestamp.body`, keyed with the decoded secret. `timestamp` is in seconds.
 */
export function standardSignature(secret: string, id: string, timestamp: number, body: string): string {
  const content = `${id}.${timestamp}.${body}`;
  return `v1,${createHmac('sha256', standardKey(secret)).update(content).digest('base64')}`;
}

export interface SignedContent {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The signature headers of one request. The Standard Webhooks header carries a signature per live secret. The
 * single hex one can carry only one: by default the oldest live secret's, which is the one that a receiver of
 * that scheme knows until the overlap of a rotation ends.
 * @param live live secrets, newest first; at least one
 */
export function signatureHeaders(
  content: SignedContent,
  live: readonly { readonly value: string }[],
  options: { readonly header: string; readonly rotation: 'old' | 'new' },
): Record<string, string> {
  const { id, timestamp, body } = content;
  const forHex = options.rotation === 'new' ? live[0] : live.at(-1);
  if (!forHex) throw new RangeError('A request is never signed without a secret.');
  return {
    [options.header]: hexSignature(forHex.value, body),
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': live.map((secret) => standardSignature(secret.value, id, timestamp, body)).join(' '),
  };
}
