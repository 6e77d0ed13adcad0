import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { JsonSchema } from './schema.js';

export interface WebhookHeader {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** The headers of a request to customers that say something of the event. */
export const webhookHeaders = ({ signature }: WebhooksConfig): readonly WebhookHeader[] => [
  {
    name: 'webhook-id',
    description: 'The id of the event, the same in every attempt.',
    schema: { type: 'string', pattern: '^evt_[0-9a-f]{32}$' },
  },
  {
    name: 'webhook-timestamp',
    description: 'When this attempt was made, in seconds since 1970.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  {
    name: 'webhook-signature',
    description:
      '`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, as Standard Webhooks says. While a secret is rotated, one such value per secret, with a space between.',
    schema: { type: 'string', pattern: '^v1,' },
  },
  {
    name: signature.header,
    description: 'The hex HMAC-SHA256 of the body.',
    schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  },
  {
    name: 'x-webhook-attempt',
    description: '`1` for the first attempt, and so on.',
    schema: { type: 'string', pattern: '^[1-9]\\d*$' },
  },
];
