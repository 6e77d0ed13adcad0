import { createHmac } from 'node:crypto';
import { standardKey } from '../secret.js';
import type { LiveSecrets, SignatureScheme, SigningRequest } from './signature-scheme.js';

/**
 * One signature of the Standard Webhooks specification, v1: `v1,` and base64 HMAC-SHA256 of
 * `id.timestamp.body`, keyed with the decoded secret. `timestamp` is in seconds.
 */
export function standardSignature(secret: string, id: string, timestamp: number, body: string): string {
  const content = `${id}.${timestamp}.${body}`;
  return `v1,${createHmac('sha256', standardKey(secret)).update(content).digest('base64')}`;
}

/** Standard Webhooks: one signature per live secret, so that a receiver needs to know one of them. */
export class StandardScheme implements SignatureScheme {
  readonly kind = 'standard';
  readonly headers = [
    {
      name: 'webhook-id',
      description: 'The id of the event, the same in every attempt.',
      pattern: '^evt_[0-9a-f]{32}$',
    },
    {
      name: 'webhook-timestamp',
      description: 'When this attempt was made, in seconds since 1970.',
      pattern: '^\\d+$',
    },
    {
      name: 'webhook-signature',
      secrets: 'every' as const,
      description:
        '`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, as [Standard Webhooks](https://www.standardwebhooks.com) says. While a secret is rotated, one such value per secret, with a space between.',
      pattern: '^v1,',
    },
  ];

  sign({ id, timestamp, body }: SigningRequest, secrets: LiveSecrets): Record<string, string> {
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': secrets
        .map((secret) => standardSignature(secret.value, id, timestamp, body))
        .join(' '),
    };
  }
}
