/**
 * `npm run test:openapi`: tests the sample app with Schemathesis, by the OpenAPI document that it serves. It
 * finds responses with status 500, and responses that the document does not describe. `npm run test:openapi
 * -- 600` runs for 600 s instead of 120, and passes the arguments after the number on to Schemathesis. It
 * skips the run if Schemathesis is not installed.
 */
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuilds } from './lib/checks.mjs';
import { onCleanUp } from './lib/cleanup.mjs';
import { find } from './lib/find.mjs';
import { main } from './lib/main.mjs';
import { freePorts, waitUntil } from './lib/network.mjs';
import { start } from './lib/processes.mjs';
import { say } from './lib/report.mjs';
import { root } from './lib/root.mjs';

const KEY = 'key-of-acme';
/** Leaves out a check that expects 405 where Nest, like most frameworks, responds with 404. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
  'use_after_free',
];

await main(async () => {
  const program = process.env.SCHEMATHESIS ?? find('schemathesis');
  if (!program) {
    say(
      'Skipped: Schemathesis is not installed. pip install schemathesis, or give its path as SCHEMATHESIS.',
    );
    return 0;
  }
  const [seconds = '120', ...more] = process.argv.slice(2);
  if ((await runBuilds()).failed > 0) return 1;
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-openapi-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  onCleanUp(async () => remove(), remove);
  const receiver = await startReceiver();
  const url = await startSampleApp(folder);
  const document = join(folder, 'openapi.json');
  writeFileSync(
    document,
    JSON.stringify(strict(await (await fetch(`${url}/api/webhooks/openapi.json`)).json())),
  );
  const ids = await makeWebhook(`${url}/api/webhooks`, receiver);
  const { exited } = start(
    program,
    [
      'run',
      document,
      `--url=${url}`,
      `--header=Authorization: Bearer ${KEY}`,
      `--checks=${CHECKS.join(',')}`,
      `--max-time=${seconds}`,
      '--continue-on-failure',
      ...more,
    ],
    {
      cwd: folder,
      stdio: 'inherit',
      env: {
        SCHEMATHESIS_HOOKS: join(root, 'scripts/schemathesis/hooks.py'),
        WEBHOOKS_RECEIVER: receiver,
        WEBHOOKS_IDS: JSON.stringify(ids),
      },
    },
  );
  return (await exited).code ?? 1;
});

/** Removes responses of guards of other apps, so that every status must be described. */
function strict(document) {
  delete document.webhooks;
  for (const verbs of Object.values(document.paths)) {
    for (const { responses } of Object.values(verbs)) delete responses.default;
  }
  return document;
}

/** A receiver that accepts everything. */
async function startReceiver() {
  const server = createServer((request, response) => {
    request.resume();
    response.end('ok');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(async () => server.close());
  server.unref();
  return `http://127.0.0.1:${server.address().port}/`;
}

async function startSampleApp(folder) {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const { exited } = start(process.execPath, [join(root, '.sample-app/main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: `sqlite:${join(folder, 'roundabout.sqlite')}`,
      ACCOUNT_API_KEYS: `acme:${KEY}`,
      WEBHOOKS_ALLOW_LOCAL: '1',
    },
  });
  let ended = false;
  void exited.then(() => (ended = true));
  const answers = () =>
    fetch(`${url}/api/webhooks/openapi.json`).then(
      ({ ok }) => ok,
      () => false,
    );
  if (await waitUntil(answers, { timeoutMs: 60_000, gaveUp: () => ended })) return url;
  throw new Error('The sample app did not start.');
}

/** Creates an endpoint with an event and a delivery; returns their ids by path parameter. */
async function makeWebhook(api, receiver) {
  const post = async (path, body) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    return (await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const { id } = await post('', { name: 'Receiver', url: receiver, events: ['*'] });
  const { deliveryId, eventId } = await post(`/${id}/test`, { eventType: 'post.published' });
  return { id, deliveryId, eventId };
}
