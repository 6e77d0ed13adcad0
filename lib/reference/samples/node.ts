import type { VerificationSample } from './verification-sample.js';

export const node: VerificationSample = {
  label: 'Node.js',
  fence: 'js',
  note:
    'The body must be the raw one: mount `express.raw` on this route, before any `express.json()`. `verify` takes the headers of ' +
    'Node (`req.headers`) and those of `fetch` (`request.headers` in Next.js, Hono, Bun and Deno).',
  code: `import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

export function verify(secret, headers, body) {
  // Express gives undefined or {} for a request without a body.
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return false;
  const header = (name) => (typeof headers.get === 'function' ? headers.get(name) : headers[name]) ?? '';
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!id || !/^\\d+$/.test(timestamp) || age > 5 * 60) return false;

  const key = Buffer.from((secret ?? '').replace('whsec_', ''), 'base64');
  // Everybody can sign with an empty key.
  if (key.length === 0) return false;
  const hmac = createHmac('sha256', key).update(\`\${id}.\${timestamp}.\`).update(body);
  const expected = Buffer.from(\`v1,\${hmac.digest('base64')}\`);
  const signatures = header('webhook-signature')
    .split(' ')
    .map((text) => Buffer.from(text));
  return signatures.some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

export const app = express();

app.post('/webhooks', express.raw({ type: () => true, limit: '300kb' }), (req, res) => {
  if (!verify(process.env.WEBHOOK_SECRET, req.headers, req.body)) {
    return res.sendStatus(401);
  }
  const event = JSON.parse(req.body);
  // Put the event on a queue of yours, then answer.
  res.sendStatus(204);
});`,
};

/** Only the hex header. */
export const nodeHex = (header: string): string => `import { createHmac, timingSafeEqual } from 'node:crypto';

// Express, after app.use(express.json({ limit: '300kb' })):
// const signature = req.get('${header}');
// verifyHex(process.env.WEBHOOK_SECRET, signature, JSON.stringify(req.body))
export function verifyHex(secret, signature, body) {
  if (!secret) return false;
  const expected = createHmac('sha256', secret)
    .update(body ?? '')
    .digest('hex');
  const given = Buffer.from(signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}
`;
