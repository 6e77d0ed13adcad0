import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhooksModule } from 'nestjs-webhooks';
import {
  AccountGuard,
  ADAPTERS,
  restApp,
  type RestAnswer,
  type RestApp,
  type RestAppOptions,
} from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

const { SCRIPTS } = createRequire(import.meta.url)('../../dist/dashboard/element-text.js') as {
  SCRIPTS: Record<string, string>;
};
const SCRIPT = Buffer.from(SCRIPTS['element.js']!);
/** What the element imports when it needs it. */
const LATER = Object.keys(SCRIPTS).filter((name) => name !== 'element.js');

/** What the page's own addresses come to, for a page that was asked for at `path`. */
function addressesOf({ text }: RestAnswer, path: string): string[] {
  return [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(
    ([, address]) => new URL(address!, new URL(path, 'https://app.example.com')).pathname,
  );
}

/** The directives of the page's policy, by their names. */
const policyOf = ({ headers }: RestAnswer): Map<string, string[]> =>
  new Map(
    String(headers['content-security-policy'])
      .split(';')
      .map((directive) => directive.trim().split(' '))
      .map(([name, ...sources]) => [name!, sources]),
  );

describe.each(ADAPTERS)('The dashboard on %s', (adapter) => {
  let rest: RestApp | undefined;

  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  const start = async (options: RestAppOptions = {}): Promise<RestApp> =>
    (rest = await restApp({ adapter, ...options }));
  const get = (
    path: string,
    headers: Record<string, string> = { 'x-account': 'acme' },
  ): Promise<RestAnswer> => rest!.call('GET', path, { headers });

  it('is a page behind the guards of the routes, with their errors told by the app', async () => {
    await start();

    const page = await get('/api/webhooks/dashboard');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('<webhooks-dashboard');
    expect((await get('/api/webhooks/dashboard', {})).status).toBe(401);
    expect((await get('/api/webhooks/dashboard', { 'x-account': 'suspended' })).status).toBe(403);
  });

  it('allows the page its own script, its own style and the app’s routes, and nothing else', async () => {
    await start();

    const page = await get('/api/webhooks/dashboard');
    const style = /<style>([^<]*)<\/style>/.exec(page.text)![1]!;
    expect(policyOf(page)).toEqual(
      new Map([
        ['default-src', ["'none'"]],
        ['script-src', ["'self'"]],
        ['style-src', [`'sha256-${createHash('sha256').update(style).digest('base64')}'`]],
        ['connect-src', ["'self'"]],
        ['base-uri', ["'none'"]],
        ['form-action', ["'none'"]],
        ['frame-ancestors', ["'self'"]],
        ['require-trusted-types-for', ["'script'"]],
        ['trusted-types', ['lit-html']],
      ]),
    );
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  it('gives its script to everybody, since it holds no data', async () => {
    await start();

    const script = await get('/api/webhooks/dashboard/element.js', {});
    expect(script.status).toBe(200);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['x-content-type-options']).toBe('nosniff');
    expect(script.text).toBe(SCRIPT.toString());
  });

  it('gives what the script imports later by a name of its content, and nothing by another', async () => {
    await start();

    // One: nothing that the element needs at first is in a second file.
    expect(LATER).toEqual([expect.stringMatching(/^later-[\w-]{8}\.js$/)]);
    for (const name of LATER) {
      const script = await get(`/api/webhooks/dashboard/${name}`, {});
      expect([script.status, script.text]).toEqual([200, SCRIPTS[name]]);
      // What it shares with the element it takes from the page.
      expect(script.text).not.toMatch(/\bimport[{(]|\}from"/);
    }
    for (const name of ['later.js', 'later-00000000.js', 'toString', 'element.mjs']) {
      expect((await get(`/api/webhooks/dashboard/${name}`, {})).status).toBe(404);
    }
  });

  it('sends the script once, and gzipped to those who take it', async () => {
    await start();
    const path = '/api/webhooks/dashboard/element.js';

    const { headers } = await get(path, {});
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      vary: expect.stringContaining('accept-encoding'),
    });
    const again = await get(path, { 'if-none-match': String(headers.etag) });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await get(path, { 'if-none-match': '"another"' })).status).toBe(200);

    const gzipped = await rest!.bytes(path, { 'accept-encoding': 'gzip, br' });
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzipped.body).equals(SCRIPT)).toBe(true);
  });

  it.each([
    ['/api/webhooks/dashboard', {}],
    ['/api/webhooks/dashboard?from=mail', {}],
    ['/api/v2/settings/hooks/dashboard', { path: 'settings/hooks', version: '2' }],
    ['/api/accounts/acme/hooks/dashboard', { path: 'accounts/:account/hooks' }],
    // To Fastify these are no routes, unless the app tells it to ignore the slash.
    ...(adapter === 'fastify'
      ? []
      : ([
          ['/api/webhooks/dashboard/', {}],
          ['/api/webhooks/dashboard/?from=mail', {}],
        ] as const)),
  ] as const)('finds its script from the page at %s', async (path, api) => {
    await start({ webhooks: { api: { guards: [AccountGuard], tenant: () => 'acme', ...api } } });

    const page = await get(path);
    expect(page.status).toBe(200);
    const [script, ...more] = addressesOf(page, path);
    expect(more).toEqual([]);
    expect(script).toBe(`${path.split('?')[0]!.replace(/\/$/, '')}/element.js`);
    expect((await get(script!, {})).status).toBe(200);
  });

  it('is not there with dashboard: false, and its path is an id like any other', async () => {
    await start({ webhooks: { dashboard: false } });

    expect((await get('/api/webhooks/dashboard')).status).toBe(404);
    expect((await get('/api/webhooks/dashboard/element.js')).status).toBe(404);
    expect((await get('/api/webhooks')).status).toBe(200);
  });

  it('is not there where there are no routes', async () => {
    await start({ webhooks: { api: false } });

    expect((await get('/api/webhooks/dashboard')).status).toBe(404);
  });
});

describe('The option dashboard', () => {
  const starting = (options: object) => () => WebhooksModule.forRoot({ events: EVENTS, ...options });
  const api = { guards: [AccountGuard] };

  it.each(['yes', 1, null, {}])('refuses %j', (dashboard) => {
    expect(starting({ api, dashboard })).toThrow(/^dashboard must be true or false/);
  });

  it('can’t be true without the routes that it shows', () => {
    expect(starting({ api: false, dashboard: true })).toThrow(/^dashboard must be .* false with api: false/);
  });
});

describe('The script of the dashboard', () => {
  it('is below 75 KB gzipped', () => {
    expect(gzipSync(SCRIPT, { level: 9 }).length).toBeLessThan(75 * 1024);
  });

  it('leaves to later what is not needed at first, with its texts', () => {
    expect(LATER.map((name) => SCRIPTS[name]).join('')).toContain('Up to {most} deliveries and 50 MB');
    expect(SCRIPT.toString()).not.toContain('and 50 MB');
    expect(SCRIPT.toString()).not.toMatch(/\}from"/);
  });

  it('names no other server, and no code from text', () => {
    const text = SCRIPT.toString();
    const addresses = [...text.matchAll(/https?:\/\/[^\s"'`<>\\)$]+/g)].map(([address]) => address);
    // Of XML namespaces, what the page shows as examples, and the standard that it links to.
    expect(
      [...new Set(addresses)].filter(
        (address) => !/www\.w3\.org|example\.(com|org)|www\.standardwebhooks\.com/.test(address),
      ),
    ).toEqual([]);
    expect(text).not.toMatch(/\beval\(|new Function\(|@import|unsafeHTML/);
  });
});
