/** `verify(secret, headers, body)` for one header with the HMAC of the body, in Node.js. */
export const nodeHmac = (
  header: string,
  prefix: string,
  encoding: 'hex' | 'base64',
): string => `import { createHmac, timingSafeEqual } from 'node:crypto';

export function verify(secret, headers, body) {
  // Everybody can sign with an empty key.
  if (!secret || (typeof body !== 'string' && !Buffer.isBuffer(body))) return false;
  const hmac = createHmac('sha256', secret).update(body).digest('${encoding}');
  const expected = Buffer.from(${prefix === '' ? 'hmac' : `${JSON.stringify(prefix)} + hmac`});
  const given = Buffer.from(headers[${JSON.stringify(header)}] ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
`;

/** A route of Express that calls the `verify` of any scheme. */
export const nodeServer = (limit: string, secretFrom: string): string => `import express from 'express';
import { verify } from './verify.js';

const app = express();

// Your webhook secret from ${secretFrom}
const webhookSecret = process.env.WEBHOOK_SECRET;

// The body has to be the raw one
app.post('/webhook', express.raw({ type: () => true, limit: '${limit}' }), (req, res) => {
  if (!verify(webhookSecret, req.headers, req.body)) {
    return res.status(401).send('Invalid signature');
  }

  const event = JSON.parse(req.body);
  console.log(\`Received webhook: \${event.event_type}\`);

  // Return a success response
  res.status(200).send('Webhook received');
});

app.listen(3000, () => {
  console.log('Webhook server running on port 3000');
});
`;
