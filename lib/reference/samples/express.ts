/** A function that verifies the hex header, and an Express route that calls it. CommonJS, with a parsed body. */
export const expressVerification = (header: string): string => `// Example signature verification in Node.js
const crypto = require('crypto');

function verifyWebhookSignature(payload, signature, secret) {
  // Without a secret, anybody could sign.
  if (!payload || !signature || !secret) return false;
  const hmac = crypto.createHmac('sha256', secret);
  const calculatedSignature = hmac.update(payload).digest('hex');
  // timingSafeEqual takes only what is equally long.
  if (Buffer.byteLength(signature) !== calculatedSignature.length) return false;
  return crypto.timingSafeEqual(
    Buffer.from(signature),
    Buffer.from(calculatedSignature)
  );
}

// Usage in an Express handler
app.post('/webhook', (req, res) => {
  const signature = req.headers[${quoted(header)}];
  const isValid = verifyWebhookSignature(
    JSON.stringify(req.body),
    signature,
    process.env.WEBHOOK_SECRET
  );

  if (!isValid) {
    return res.status(401).send('Invalid signature');
  }

  // Process the webhook...

  return res.status(200).send('Webhook received');
});
`;

export interface ExpressServer {
  readonly header: string;
  /** Where customers find the secret: `the Acme dashboard`. */
  readonly secretFrom: string;
  /** The limit for body-parser, above the longest body: `300kb`. */
  readonly limit: string;
  /** The cases of the switch, by event type, as lines of code. */
  readonly cases: Readonly<Record<string, readonly string[]>>;
}

/** A complete server with Express. */
export const expressServer = ({
  header,
  secretFrom,
  limit,
  cases,
}: ExpressServer): string => `const express = require('express');
const bodyParser = require('body-parser');
const crypto = require('crypto');

const app = express();
// By default, bodies over 100 kB are refused.
app.use(bodyParser.json({ limit: '${limit}' }));

// Your webhook secret from ${secretFrom}
const webhookSecret = process.env.WEBHOOK_SECRET;
// Without a secret, anybody could sign.
if (!webhookSecret) throw new Error('WEBHOOK_SECRET is not set');

app.post('/webhook', (req, res) => {
  // Verify the webhook signature
  const signature = req.headers[${quoted(header)}];
  const payload = JSON.stringify(req.body) || '';
  const hmac = crypto.createHmac('sha256', webhookSecret);
  const calculatedSignature = hmac.update(payload).digest('hex');

  // Takes the same time for every wrong signature.
  const given = Buffer.from(signature || '');
  const isValid = given.length === calculatedSignature.length
    && crypto.timingSafeEqual(given, Buffer.from(calculatedSignature));

  if (!isValid) {
    return res.status(401).send('Invalid signature');
  }

  // Process based on event type
  switch (req.body.event_type) {
${Object.entries(cases).map(branch).join('')}    default:
      console.log(\`Received webhook: \${req.body.event_type}\`);
  }

  // Return a success response
  res.status(200).send('Webhook received');
});

app.listen(3000, () => {
  console.log('Webhook server running on port 3000');
});
`;

const branch = ([type, lines]: readonly [string, readonly string[]]): string =>
  [`    case '${type}':`, ...lines.map((line) => `      ${line}`), '      break;', '', ''].join('\n');

/** The name of a header may contain an apostrophe. */
const quoted = (header: string): string => `'${header.replaceAll("'", "\\'")}'`;
