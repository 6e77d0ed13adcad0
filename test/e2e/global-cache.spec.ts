import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { Cache } from 'cache-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caching, Wrapping } from '../support/global-settings.js';
import { ADAPTERS, restApp, ROUTES, type RestAnswer, type RestApp } from '../support/rest-app.js';
import { OPEN_ROUTES, PAGE_ROUTES, pathOf, routeIds, type RouteIds } from '../support/route-matrix.js';

const READING = ROUTES.filter((route) => route.startsWith('GET'));
/** They answer everybody the same. */
const COMMON = ['GET /settings', 'GET /event-types'];

describe.each(ADAPTERS)('Under a global CacheInterceptor on %s', (adapter) => {
  let rest: RestApp;
  /** Ids of acme. */
  let ids: RouteIds;

  beforeAll(async () => {
    rest = await restApp({ adapter, ...caching({ provide: APP_INTERCEPTOR, useClass: Wrapping }) });
    ids = await routeIds(rest, 'acme');
    await rest.webhooks.emit('post.created', {}, { tenant: 'acme' });
    await rest.settled();
    rest.clock.advance('1m');
  });
  afterAll(() => rest.stop());

  const get = (account: string, path: string): Promise<RestAnswer> =>
    rest.call('GET', path, { headers: { 'x-account': account } });

  it('a route of the app itself is cached, so that these tests say something', async () => {
    const first = await get('acme', '/api/own');

    expect(first.body).toEqual({ success: true, data: { calls: 1 } });
    expect((await get('globex', '/api/own')).text).toBe(first.text);
  });

  it.each(READING)('%s gives no tenant the answer of another', async (route) => {
    const path = pathOf(route, ids);
    const nobodys = await get('initech', path);
    const own = await get('acme', path);
    const others = await get('globex', path);
    const again = await get('acme', path);

    expect(own.status).toBe(200);
    expect(again.text).toBe(own.text);
    expect([others.status, others.text]).toEqual([nobodys.status, nobodys.text]);
    if (!COMMON.includes(route)) expect(others.text).not.toBe(own.text);
    if (route.includes(':')) expect(others.status).toBe(404);
  });

  it.each([...READING, ...PAGE_ROUTES.filter((route) => !OPEN_ROUTES.includes(route))])(
    '%s lets nobody in who has no credentials',
    async (route) => {
      const path = pathOf(route, ids);
      expect((await get('acme', path)).status).toBe(200);

      expect((await rest.call('GET', path)).status).toBe(401);
      expect((await get('suspended', path)).status).toBe(403);
    },
  );

  it('shows what was changed at once', async () => {
    const path = pathOf('GET /:id', ids);
    const [before, listed] = [await get('acme', path), await get('acme', '/api/webhooks')];
    await rest.as('acme').patch(`/${ids[':id']}`, { name: 'Renamed' });
    const { secret } = (await get('acme', pathOf('GET /:id/secret', ids))).body as { secret: string };
    await rest.as('acme').post(`/${ids[':id']}/secret/rotate`);

    expect([before.body.name, listed.body.data[0].name]).toEqual(['Receiver', 'Receiver']);
    expect((await get('acme', path)).body.name).toBe('Renamed');
    expect((await get('acme', '/api/webhooks')).body.data[0].name).toBe('Renamed');
    expect((await get('acme', pathOf('GET /:id/secret', ids))).body.secret).not.toBe(secret);
  });

  it('puts no answer of ours in the cache, secrets least of all', async () => {
    const cache = rest.app.get<Cache>(CACHE_MANAGER, { strict: false });
    for (const route of READING) {
      await get('acme', pathOf(route, ids));
      const kept = await cache.get(pathOf(route, ids));
      expect({ route, kept: JSON.stringify(kept ?? { success: true }) }).toEqual({
        route,
        kept: '{"success":true}',
      });
    }
    expect(await cache.get('/api/own')).toBeDefined();
  });

  it('tells every cache between us and the caller to keep nothing, of errors neither', async () => {
    for (const route of READING) {
      for (const account of ['acme', 'globex', 'suspended']) {
        const { status, headers } = await get(account, pathOf(route, ids));
        expect([route, status, headers['cache-control']]).toEqual([route, status, 'no-store']);
      }
    }
  });
});
