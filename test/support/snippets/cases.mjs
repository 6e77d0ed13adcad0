import { readFileSync } from 'node:fs';
import * as snippet from './snippet.mjs';

const { app, verify } = snippet;

const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const url = 'http://127.0.0.1:' + server.address().port + '/webhooks';
const accepted = [];
for (const { secret, headers, body } of JSON.parse(readFileSync(0, 'utf8'))) {
  if (secret === null) delete process.env.WEBHOOK_SECRET;
  else process.env.WEBHOOK_SECRET = secret;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  if (![204, 401].includes(response.status)) throw new Error('answered ' + response.status);
  accepted.push(response.status === 204);
  if (!verify) continue;
  // Next.js, Hono and Bun pass headers in this form.
  const byFetch = verify(process.env.WEBHOOK_SECRET, new Headers(headers), Buffer.from(body));
  if (byFetch !== accepted.at(-1))
    throw new Error('other with the Headers of fetch: ' + JSON.stringify(headers));
}
server.close();
console.log(JSON.stringify(accepted));
