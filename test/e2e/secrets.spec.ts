import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { RecordingLogger } from '../support/bare-app.js';
import { LeakWatch } from '../support/leak-watch.js';
import { restApp, ROUTES, type RestApp } from '../support/rest-app.js';
import { BODIES, pathOf } from '../support/route-matrix.js';

const KEY = randomBytes(32).toString('base64');
const SINCE = { since: '2025-01-01' };

describe.each([
  { database: 'sqlite', adapter: 'express', keys: [] },
  { database: 'sqlite', adapter: 'fastify', keys: [KEY] },
  { database: 'postgres', adapter: 'express', keys: [] },
  { database: 'mariadb', adapter: 'fastify', keys: [] },
] as const)('On $database and $adapter, with $keys.length keys', ({ database, adapter, keys }) => {
  let rest: RestApp;
  let watch: LeakWatch;
  let id: string;
  afterEach(() => rest.stop());

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
    rest = await restApp({ database, adapter, logger, webhooks: { encryption: { keys } } });
    watch = new LeakWatch(rest, logger);
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
    await watch.ask('POST', '', { name: 'New', url: 'https://example.com/', events: ['*'] });
    await watch.ask('POST', `/${id}/secret/rotate`);
    await watch.failing('create', () =>
      rest.webhooks.endpoints.create('acme', { name: 'New', url: 'https://example.com/', events: ['*'] }),
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
      const { secret, id: other } = await create();
      await watch.sawRows();
      // What a caller sends by mistake is no secret of somebody else, but is still not for the log.
      await sendNonsense(secret.replace(/.{12}$/, ''));
      await watch.ask('DELETE', `/${other}`);
      await watch.sawRows();
      await breakDatabase();

      expect(watch.leaks()).toEqual([]);
      expect(watch.secrets).toBe(4);
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
