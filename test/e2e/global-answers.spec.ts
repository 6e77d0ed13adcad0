import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IS_FULL_RUN } from '../support/daily.js';
import { everything, GLOBAL_SETTINGS } from '../support/global-settings.js';
import { ADAPTERS, restApp, ROUTES, type RestAnswer, type RestApp } from '../support/rest-app.js';
import { BODIES, PAGE_ROUTES, pathOf, routeIds } from '../support/route-matrix.js';

const NOWHERE = { ':id': `ep_${'0'.repeat(32)}`, ':eventId': 'x', ':deliveryId': 'x' };

/** Headers that our routes set, in the order of what answers with them. */
const HEADERS = ['content-type', 'cache-control', 'content-encoding', 'retry-after'];
const PAGE_HEADERS = [...HEADERS, 'content-security-policy', 'x-content-type-options', 'referrer-policy'];
const SCRIPT_HEADERS = [...HEADERS, 'x-content-type-options', 'etag'];

const headersOf = (route: string): string[] =>
  route.endsWith('/dashboard') ? PAGE_HEADERS : route.endsWith('/:script') ? SCRIPT_HEADERS : HEADERS;

/** What differs between two apps of the same kind, taken out. */
const known = (text: string): string =>
  text
    .replaceAll(/\b(ep|evt|dlv|att|act)_[0-9a-f]{32}\b/g, '$1_…')
    .replaceAll(/whsec_[\w+/=]+/g, 'whsec_…')
    .replaceAll(/"x-webhook-signature":"\w+"/g, '"x-webhook-signature":"…"')
    .replaceAll(/\bv1,[\w+/=]+/g, 'v1,…')
    .replaceAll(/"date":"[^"]+"/g, '"date":"…"')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:…')
    .replaceAll(/"durationMs":\d+/g, '"durationMs":…');

/** As text: a difference is shown as one line. */
function seen(route: string, { status, headers, text }: RestAnswer): string {
  const length = headers['content-length'];
  if (length !== undefined && !route.startsWith('HEAD')) {
    expect([route, length]).toEqual([route, String(Buffer.byteLength(text))]);
  }
  const ours = headersOf(route).map((name) => `${name}: ${String(headers[name])}`);
  return [route, status, ...ours, known(text)].join('\n');
}

/** Every documented route, those that delete last, and an error of every kind. */
async function answersOf(rest: RestApp): Promise<string[]> {
  const ids = await routeIds(rest, 'acme');
  const routes = [...PAGE_ROUTES, ...ROUTES];
  const reading = routes.filter((route) => route.startsWith('GET'));
  const writing = routes.filter((route) => !route.startsWith('GET') && !route.startsWith('DELETE'));
  const answers: string[] = [];
  const ask = async (
    route: string,
    path = pathOf(route, ids),
    { account = 'acme', body = BODIES[route] as object | undefined } = {},
  ): Promise<void> => {
    const answer = await rest.call(route.split(' ')[0]!, path, {
      headers: account ? { 'x-account': account } : {},
      ...(body === undefined ? {} : { body }),
    });
    answers.push(seen(route, answer));
    await rest.settled();
  };
  for (const route of [...reading, ...writing]) await ask(route);
  for (const route of reading) await ask(route.replace('GET', 'HEAD'), pathOf(route, ids));
  for (const route of ROUTES) {
    await ask(route, pathOf(route, ids), { account: '' });
    await ask(route, pathOf(route, ids), { account: 'suspended' });
    await ask(route, pathOf(route, ids, { colour: 'red' }));
    if (route.includes(':')) await ask(route, pathOf(route, NOWHERE));
    if (BODIES[route]) await ask(route, pathOf(route, ids), { body: { ...BODIES[route], colour: 'red' } });
  }
  await ask('DELETE /:id');
  await ask('GET /:id');
  return answers;
}

/** Each setting on one of them, and with TEST_FULL=1 on both. */
const settingsOn = (adapter: (typeof ADAPTERS)[number]): string[] =>
  Object.keys(GLOBAL_SETTINGS).filter(
    (_, index) => IS_FULL_RUN || index % ADAPTERS.length === ADAPTERS.indexOf(adapter),
  );

describe.each(ADAPTERS)(
  'On %s, every route, the page and its script answer what they document with',
  (adapter) => {
    let plain: string[];
    let rest: RestApp | undefined;

    beforeAll(async () => {
      const app = await restApp({ adapter });
      plain = await answersOf(app);
      await app.stop();
    });
    afterEach(async () => {
      await rest?.stop();
      rest = undefined;
    });

    it.each(settingsOn(adapter))('%s', async (name) => {
      rest = await restApp({ adapter, ...GLOBAL_SETTINGS[name]!(adapter) });

      expect(await answersOf(rest)).toEqual(plain);
    });

    it('all of it at once', async () => {
      rest = await restApp(everything(adapter));

      expect(await answersOf(rest)).toEqual(plain);
    });
  },
);
