import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RecordingLogger } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { LeakWatch } from '../support/leak-watch.js';
import { ownAuthority, type OwnAuthority } from '../support/own-authority.js';
import { Receiver } from '../support/receiver.js';
import { restApp, ROUTES, type RestApp } from '../support/rest-app.js';
import { BODIES, pathOf } from '../support/route-matrix.js';

const KEY = randomBytes(32).toString('base64');
const SINCE = { since: '2025-01-01' };

const TOKEN = 'bearer-of-some-length-81f2';
const PASSWORD = 'pass-word-5c1e';
const API_KEY = 'api-key-77d0';
const CLIENT_SECRET = 'client-secret-3b9a';
const ACCESS_TOKEN = 'access-token-6e40';
const SIGNING_KEY = generateKeyPairSync('ed25519').privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

let authority: OwnAuthority;
beforeAll(() => void (authority = ownAuthority()));

const STACKS = daily(
  [
    { database: 'sqlite', adapter: 'fastify', keys: [KEY] },
    { database: 'postgres', adapter: 'express', keys: [] },
  ],
  { database: 'sqlite', adapter: 'express', keys: [] },
  { database: 'mariadb', adapter: 'fastify', keys: [] },
);

describe.each(STACKS)('On $database and $adapter, with $keys.length keys', ({ database, adapter, keys }) => {
  let rest: RestApp;
  let watch: LeakWatch;
  let tokens: Receiver;
  let id: string;
  afterEach(async () => {
    await rest.stop();
    await tokens.stop();
  });

  const create = async (): Promise<{ id: string; secret: string }> =>
    (
      await watch.askForSecret('POST', '', {
        name: 'CRM',
        url: `${rest.receiver.url}/acme`,
        events: ['*'],
        headers: { 'x-crm-token': 'f3a9' },
      })
    ).body;
  const start = async (): Promise<void> => {
    const logger = new RecordingLogger();
    tokens = await Receiver.start();
    const signature = { keys: [SIGNING_KEY], schemes: ['hmac', 'standard', 'rfc9421'] as const };
    rest = await restApp({ database, adapter, logger, webhooks: { encryption: { keys }, signature } });
    watch = new LeakWatch(rest, logger);
    watch.guards(TOKEN, PASSWORD, `ada:${PASSWORD}`, API_KEY, CLIENT_SECRET, ACCESS_TOKEN, SIGNING_KEY);
    watch.guards(authority.ada.key, authority.ben.key, authority.lockedKey);
    ({ id } = await create());
  };
  const emit = async (answer: number): Promise<void> => {
    rest.receiver.answer = answer;
    await rest.webhooks.emit('post.created', { post_id: 'p_1' }, { tenant: 'acme' });
    await rest.settled();
  };

  const rotate = async (): Promise<void> => {
    await watch.askForSecret('GET', `/${id}/secret`);
    await watch.askForSecret('POST', `/${id}/secret/rotate`, { overlap: '1h' });
    await watch.askForSecret('POST', `/${id}/secret/rotate`, { overlap: 0 });
    await watch.askForSecret('GET', `/${id}/secret`);
  };
  const deliver = async (): Promise<void> => {
    await watch.ask('POST', `/${id}/test`, { eventType: 'post.created' });
    await emit(200);
    await emit(500);
    await rest.after(300_000);
    await emit(410);
    await watch.ask('PATCH', `/${id}`, { active: true, name: 'On again' });
    rest.clock.advance('1m');
    rest.receiver.answer = 200;
    await watch.ask('GET', `/${id}/recover?since=2025-01-01`);
    await watch.ask('POST', `/${id}/recover`, SINCE);
    await rest.after(0);
    const [delivery] = (await watch.ask('GET', '/deliveries')).body.data;
    await watch.ask('POST', `/deliveries/${delivery.id}/retry`);
    await rest.settled();
  };
  /** Every route that is not meant to answer with a secret; and the same of the app's own service. */
  const readEverything = async (): Promise<void> => {
    const { body } = await watch.ask('GET', '/deliveries?limit=1');
    const ids = { ':id': id, ':eventId': body.data[0].eventId, ':deliveryId': body.data[0].id };
    for (const route of ROUTES.filter((one) => one.startsWith('GET') && one !== 'GET /:id/secret')) {
      const { status } = await watch.ask('GET', pathOf(route, ids).replace('/api/webhooks', ''));
      expect([route, status]).toEqual([route, 200]);
    }
    for (const path of ['/dashboard', '/dashboard/element.js']) await watch.ask('GET', path);
    watch.saw('endpoints.list', (await rest.webhooks.endpoints.list('acme', { limit: 10 })).data);
    watch.saw('endpoints.get', await rest.webhooks.endpoints.get('acme', id));
    watch.saw('endpoints.update', await rest.webhooks.endpoints.update('acme', id, { name: 'x' }));
    const created = await rest.webhooks.endpoints.create('globex', {
      name: 'Other',
      url: rest.receiver.url,
      events: ['*'],
    });
    watch.saw('endpoints.create', { ...created, secret: undefined });
  };
  /** Endpoints that want to know who sends; and what is wrong of their credentials. */
  const authorize = async (): Promise<void> => {
    const { ada, ben, lockedKey: key } = authority;
    const { url } = rest.receiver;
    const wanted = [
      {
        url: url.replace('http:', 'https:'),
        authorization: { type: 'bearer', token: TOKEN },
        clientCertificate: ada,
      },
      { url, authorization: { type: 'basic', username: 'ada', password: PASSWORD }, clientCertificate: ben },
      { url, authorization: { type: 'apiKey', header: 'x-api-key', value: API_KEY } },
      {
        url,
        authorization: {
          type: 'oauth2',
          tokenUrl: tokens.url,
          clientId: 'client',
          clientSecret: CLIENT_SECRET,
          clientAuthentication: 'body',
        },
      },
    ];
    const certificates = [
      { ...ada, key },
      { ...ada, key: ben.key },
      { certificate: ada.key, key: ada.key },
      ada.key,
    ];
    for (const one of wanted) {
      const input = { name: 'Guarded', events: ['post.published'], ...one };
      const { secret: _, ...created } = (await watch.askForSecret('POST', '', input)).body;
      watch.saw('POST  201', JSON.stringify(created));
      const path = `/${created.id}`;
      const { type, ...credentials } = one.authorization;
      const wrong = Object.entries(credentials).map(([name, value]) => ({ type, [name]: `${value}\n` }));
      for (const authorization of [one.authorization, ...wrong, { ...credentials, type: TOKEN }, TOKEN])
        await watch.ask('PATCH', path, { authorization });
      for (const clientCertificate of certificates) await watch.ask('PATCH', path, { clientCertificate });
    }
    const refused = {
      status: 400,
      body: JSON.stringify({ error: CLIENT_SECRET, error_description: CLIENT_SECRET }),
    };
    const granted = { status: 200, body: JSON.stringify({ access_token: ACCESS_TOKEN, expires_in: 60 }) };
    for (const answer of [granted, refused]) {
      tokens.answer = answer;
      rest.receiver.answer = 401;
      await rest.webhooks.emit('post.published', { post_id: 'p_2' }, { tenant: 'acme' });
      await rest.settled();
    }
    const { body } = await watch.ask('GET', '/deliveries?limit=10');
    for (const delivery of body.data)
      for (const part of ['', '/attempts', '/request'])
        await watch.ask('GET', `/deliveries/${delivery.id}${part}`);
    expect(rest.receiver.arrivals.map(({ headers }) => headers.authorization)).toContain(
      `Bearer ${ACCESS_TOKEN}`,
    );
    for (const { id: guarded, name } of (await watch.ask('GET', '')).body.data)
      if (name === 'Guarded') await watch.ask('PATCH', `/${guarded}`, { active: false });
    for (const path of ['/jwks.json', '/settings']) await watch.ask('GET', path);
  };
  const sendNonsense = async (secret: string): Promise<void> => {
    for (const route of ROUTES) {
      const [method, path] = route.split(' ') as [string, string];
      const filled = path.replace(/:\w+/, id).replace(/^\/$/, '');
      await watch.ask(method, `${filled}?colour=${encodeURIComponent(secret)}`, BODIES[route]);
      if (method !== 'GET')
        await watch.ask(method, filled, { [secret]: secret, name: [secret], overlap: secret, since: secret });
      if (filled.includes(id))
        await watch.ask(method, filled.replace(id, encodeURIComponent(secret)), BODIES[route], 'globex');
    }
    const { endpoints, deliveries } = rest.webhooks;
    await watch.failing('get', () => endpoints.get('acme', secret));
    await watch.failing('update', () => endpoints.update('acme', id, { url: secret, events: [secret] }));
    await watch.failing('test', () => deliveries.test('acme', id, secret));
  };
  /** Statements with secrets among their parameters fail, then everything does. */
  const breakDatabase = async (): Promise<void> => {
    await rest.dataSource.query('ALTER TABLE webhook_endpoints RENAME COLUMN updated_at TO away');
    const authorization = { type: 'bearer', token: TOKEN } as const;
    const guarded = { authorization, clientCertificate: authority.ada };
    await watch.ask('POST', '', { name: 'New', url: 'https://example.com/', events: ['*'], ...guarded });
    await watch.ask('PATCH', `/${id}`, guarded);
    await watch.ask('POST', `/${id}/secret/rotate`);
    await watch.failing('create', () =>
      rest.webhooks.endpoints.create('acme', {
        name: 'New',
        url: 'https://example.com/',
        events: ['*'],
        ...guarded,
      }),
    );
    await rest.dataSource.query('ALTER TABLE webhook_endpoints RENAME COLUMN away TO updated_at');
    await rest.dataSource.destroy();
    for (const path of ['', `/${id}`, `/${id}/secret`, '/deliveries']) await watch.ask('GET', path);
    await watch.failing('relay', () => rest.relay.runOnce());
    await watch.failing('emit', () => rest.webhooks.emit('post.created', {}, { tenant: 'acme' }));
  };

  it(
    'a secret is in the answers that are meant to tell it, and nowhere else',
    { timeout: 60_000 },
    async () => {
      await start();
      await rotate();
      await deliver();
      await readEverything();
      await authorize();
      const { secret, id: other } = await create();
      await watch.sawRows(keys.length > 0);
      // What a caller sends by mistake is no secret of somebody else, but is still not for the log.
      await sendNonsense(secret.replace(/.{12}$/, ''));
      await watch.ask('DELETE', `/${other}`);
      await watch.sawRows(keys.length > 0);
      await breakDatabase();

      expect(watch.leaks()).toEqual([]);
      expect(watch.secrets).toBe(8);
      expect(watch.places()).toEqual(
        expect.arrayContaining([
          'event webhooks.delivery.succeeded',
          'event webhooks.delivery.failed',
          'event webhooks.endpoint.disabled',
          'GET /dashboard 200',
          'GET /dashboard/element.js 200',
          'table webhook_attempts',
          'POST  500',
          'relay',
        ]),
      );
      expect(watch.places().filter((place) => place.endsWith('did not fail'))).toEqual([]);
    },
  );
});
