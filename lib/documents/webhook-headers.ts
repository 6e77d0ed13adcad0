import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { SignatureHeader } from '../domain/signing/signature-scheme.js';
import type { JsonSchema } from './schema.js';

export interface WebhookHeader {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

const ID: WebhookHeader = {
  name: 'webhook-id',
  description: 'The id of the event, the same in every attempt.',
  schema: { type: 'string', pattern: '^evt_[0-9a-f]{32}$' },
};

const ATTEMPT: WebhookHeader = {
  name: 'x-webhook-attempt',
  description: '`1` for the first attempt, and so on.',
  schema: { type: 'string', pattern: '^[1-9]\\d*$' },
};

/** The headers of a webhook request that describe the event. */
export const webhookHeaders = ({ signature }: WebhooksConfig): readonly WebhookHeader[] => {
  const signed = signature.schemes.flatMap(({ headers }) => headers).map(described);
  const hasId = signed.some(({ name }) => name === ID.name);
  return [...(hasId ? [] : [ID]), ...signed, ATTEMPT];
};

const described = ({ name, description, pattern }: SignatureHeader): WebhookHeader => ({
  name,
  description,
  schema: { type: 'string', ...(pattern === undefined ? {} : { pattern }) },
});
