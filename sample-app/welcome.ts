import { DEMO_KEYS, DEMO_OPERATOR } from './config/account-credentials.js';
import type { Environment } from './config/environment.js';
import type { RunningApp } from './start.js';

/** Says what to open, and what to try. */
export function welcome({ url, demo }: RunningApp, environment: Environment): string {
  const lines = [`Roundabout WebTraffic runs on ${url}`, ''];
  if (demo) lines.push(...demoLines(url, demo, environment));
  else lines.push(`Sign in    ${url}`, `REST API   ${url}/api`, `Webhooks   ${url}/api/webhooks`, '');
  return ['', ...lines, 'Ctrl+C stops it.', ''].join('\n');
}

function demoLines(url: string, demo: NonNullable<RunningApp['demo']>, environment: Environment): string[] {
  const keys = Object.entries(DEMO_KEYS).map(([account, key]) => `${account} ${key}`);
  const schedule = environment.retrySchedule?.join(', ') ?? '';
  const { endpointId } = demo;
  if (endpointId === undefined) {
    return ['Webhooks may not go to this machine: the demo needs WEBHOOKS_ALLOW_LOCAL=1.', ''];
  }
  return [
    `Open       ${url}`,
    '           and continue as acme. The first page says what to try.',
    `Receiver   ${url}/demo/receiver`,
    '           shows what arrives at acme’s webhook, and can be told to fail.',
    '',
    `API keys   ${keys.join(', ')}`,
    `On call    ${url}/api/admin/webhooks/overview`,
    `           with the key ${Object.values(DEMO_OPERATOR)[0]}: the webhooks of both accounts`,
    `Retries    after ${schedule} (WEBHOOKS_RETRY_SCHEDULE changes that)`,
    '',
    'Or without the pages, in another terminal:',
    '',
    '# Add a webhook; the answer holds its secret. It has a receiver of its own: /demo/receiver?name=mine',
    curl(`${url}/api/webhooks`, { name: 'Mine', url: `${url}/demo/receiver/mine`, events: ['post.*'] }),
    '',
    '# Publish a post: post.created and post.published arrive at both webhooks.',
    curl(`${url}/api/posts`, { platformId: demo.platformId, content: 'Hello, world! #first', publish: true }),
    '',
    '# See what the demo receiver was sent: every delivery, with its status.',
    curl(`${url}/api/webhooks/${endpointId}/deliveries`),
    '',
  ];
}

function curl(url: string, body?: object): string {
  const key = `-H 'Authorization: Bearer ${DEMO_KEYS.acme}'`;
  if (!body) return `curl ${url} ${key}`;
  return `curl ${url} ${key} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}
