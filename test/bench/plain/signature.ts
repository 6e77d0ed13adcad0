import { createHmac } from 'node:crypto';

/** The headers of Standard Webhooks, and a hex signature for receivers of the older scheme. */
export function signedHeaders(secret: string, id: string, body: string): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
    'x-webhook-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
}
