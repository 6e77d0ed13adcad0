import { createHmac } from 'node:crypto';
import { secretKey } from '../secret.js';
import type { LiveSecrets, SignatureHeader, SignatureScheme, SigningRequest } from './signature-scheme.js';
import { signWith, type SigningKey } from './signing-key.js';

/** The text that Standard Webhooks signs. `timestamp` is in seconds. */
export const standardContent = (id: string, timestamp: number, body: string): string =>
  `${id}.${timestamp}.${body}`;

/** A signature of Standard Webhooks v1: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`. */
export const standardSignature = (key: Buffer, content: string): string =>
  `v1,${createHmac('sha256', key).update(content).digest('base64')}`;

const V1 =
  '`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, as [Standard Webhooks](https://www.standardwebhooks.com) says. While a secret is rotated, one such value per secret, with a space between.';
const V1A =
  '`v1a,` and the base64 Ed25519 signature of `id.timestamp.body`, as [Standard Webhooks](https://www.standardwebhooks.com) says, made with a private key of ours.';

/**
 * Standard Webhooks: one signature per live secret (v1) and one per private key of the app (v1a). A receiver needs to
 * know only one of them.
 */
export class StandardScheme implements SignatureScheme {
  readonly kind = 'standard';
  readonly headers: readonly SignatureHeader[];

  /** @param keys Ed25519 keys; with `secrets: false`, at least one */
  constructor(readonly signs: { readonly secrets: boolean; readonly keys: readonly SigningKey[] }) {
    const { secrets, keys } = signs;
    const both = secrets && keys.length > 0;
    this.headers = [
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
        description: both ? `${V1} After a space, ${V1A}` : secrets ? V1 : V1A,
        ...(secrets ? { secrets: 'every' } : {}),
        pattern: secrets ? '^v1,' : '^v1a,',
      },
    ];
  }

  sign({ id, timestamp, body }: SigningRequest, secrets: LiveSecrets): Record<string, string> {
    const content = standardContent(id, timestamp, body);
    const signatures: string[] = [];
    if (this.signs.secrets) {
      for (const { value } of secrets) signatures.push(standardSignature(secretKey(value), content));
    }
    for (const key of this.signs.keys) signatures.push(`v1a,${signWith(key, content)}`);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures.join(' '),
    };
  }
}
