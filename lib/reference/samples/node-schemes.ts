/** `verify(secret, headers, body)` in Node.js, for one header with the HMAC of the body. */
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

/** An Express route that calls the `verify` of any scheme. */
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

const checkedBody = `if (typeof body !== 'string' && !Buffer.isBuffer(body)) return false;`;

/** Like Stripe. */
export const nodeStripe = (
  header: string,
): string => `import { createHmac, timingSafeEqual } from 'node:crypto';

export function verify(secret, headers, body) {
  // Everybody can sign with an empty key.
  if (!secret) return false;
  ${checkedBody}
  const parts = (headers[${JSON.stringify(header)}] ?? '').split(',');
  const timestamp = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!/^\\d+$/.test(timestamp) || age > 5 * 60) return false;

  const hmac = createHmac('sha256', secret).update(\`\${timestamp}.\`).update(body);
  const expected = Buffer.from(\`v1=\${hmac.digest('hex')}\`);
  return parts
    .map((part) => Buffer.from(part))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
`;

/** Like Slack. */
export const nodeSlack = (
  header: string,
  timestampHeader: string,
): string => `import { createHmac, timingSafeEqual } from 'node:crypto';

export function verify(secret, headers, body) {
  // Everybody can sign with an empty key.
  if (!secret) return false;
  ${checkedBody}
  const timestamp = headers[${JSON.stringify(timestampHeader)}] ?? '';
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!/^\\d+$/.test(timestamp) || age > 5 * 60) return false;

  const hmac = createHmac('sha256', secret).update(\`v0:\${timestamp}:\`).update(body);
  const expected = Buffer.from(\`v0=\${hmac.digest('hex')}\`);
  const given = Buffer.from(headers[${JSON.stringify(header)}] ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
`;

/** Standard Webhooks v1a: `publicKey` is `whpk_…`. */
export const nodeStandardV1a =
  (): string => `import { createPublicKey, verify as verifyWith } from 'node:crypto';

export function verify(publicKey, headers, body) {
  if (!publicKey) return false;
  ${checkedBody}
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!id || !/^\\d+$/.test(timestamp) || age > 5 * 60) return false;

  const x = Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const content = Buffer.concat([Buffer.from(\`\${id}.\${timestamp}.\`), Buffer.from(body)]);
  return (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((signature) => signature.startsWith('v1a,'))
    .some((signature) => verifyWith(null, content, key, Buffer.from(signature.slice(4), 'base64')));
}
`;
