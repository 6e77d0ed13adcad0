import { hmac } from './hmac-scheme.js';
import {
  signingSecret,
  type LiveSecrets,
  type SecretRotation,
  type SignatureHeader,
  type SignatureScheme,
  type SigningRequest,
} from './signature-scheme.js';

/** Stripe's form: `t=<seconds>,v1=<hex>`, with a `v1` for each live secret. */
export const stripeSignature = (secret: string, timestamp: number, body: string): string =>
  hmac(secret, `${timestamp}.${body}`, 'hex');

/** Slack's form: `v0=<hex>`, with the timestamp in a header of its own. */
export const slackSignature = (secret: string, timestamp: number, body: string): string =>
  `v0=${hmac(secret, `v0:${timestamp}:${body}`, 'hex')}`;

/** One header with a timestamp and the signatures over it and the body. */
export class StripeScheme implements SignatureScheme {
  readonly kind = 'stripe';
  readonly headers: readonly SignatureHeader[];

  constructor(readonly header: string) {
    const description =
      '`t=` and when this attempt was made, in seconds since 1970, then `,v1=` and the hex HMAC-SHA256 of `t.body`. While a secret is rotated, one `,v1=` per secret.';
    this.headers = [{ name: header, description, secrets: 'every', pattern: '^t=\\d+(,v1=[0-9a-f]{64})+$' }];
  }

  sign({ timestamp, body }: SigningRequest, secrets: LiveSecrets): Record<string, string> {
    const signatures = secrets.map(({ value }) => `,v1=${stripeSignature(value, timestamp, body)}`);
    return { [this.header]: `t=${timestamp}${signatures.join('')}` };
  }
}

/** One header with the signature over a timestamp and the body, one with the timestamp. */
export class SlackScheme implements SignatureScheme {
  readonly kind = 'slack';
  readonly headers: readonly SignatureHeader[];

  constructor(
    readonly form: { readonly header: string; readonly timestampHeader: string },
    private readonly rotation: SecretRotation,
  ) {
    const { header, timestampHeader } = form;
    this.headers = [
      {
        name: timestampHeader,
        description: 'When this attempt was made, in seconds since 1970.',
        pattern: '^\\d+$',
      },
      {
        name: header,
        description: '`v0=` and the hex HMAC-SHA256 of `v0:timestamp:body`.',
        secrets: 'one',
        pattern: '^v0=[0-9a-f]{64}$',
      },
    ];
  }

  sign({ timestamp, body }: SigningRequest, secrets: LiveSecrets): Record<string, string> {
    const { header, timestampHeader } = this.form;
    return {
      [timestampHeader]: String(timestamp),
      [header]: slackSignature(signingSecret(secrets, this.rotation), timestamp, body),
    };
  }
}
