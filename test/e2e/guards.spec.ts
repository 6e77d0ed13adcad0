import { Module, type CanActivate } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import { AccountGuard, ADAPTERS, restApp, ROUTES, type RestApp } from '../support/rest-app.js';
import { BODIES, PAGE_ROUTES, dump, pathOf, routeIds } from '../support/route-matrix.js';

class DenyAll implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Module({ providers: [{ provide: APP_GUARD, useClass: DenyAll }] })
class DenyAllModule {}

const ALL = [...ROUTES, ...PAGE_ROUTES];

describe.each(ADAPTERS)('On %s', (adapter) => {
  let rest: RestApp | undefined;
  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  const statusOf = async (route: string, ids: Awaited<ReturnType<typeof routeIds>>): Promise<number> => {
    const answer = await rest!.call(route.split(' ')[0]!, pathOf(route, ids), {
      headers: { 'x-account': 'acme' },
      ...(BODIES[route] ? { body: BODIES[route] } : {}),
    });
    return answer.status;
  };
  const statuses = async (routes: readonly string[]): Promise<Record<string, number>> => {
    const ids = await routeIds(rest!, 'acme');
    const before = await dump(rest!.dataSource);
    const found: Record<string, number> = {};
    for (const route of routes) found[route] = await statusOf(route, ids);
    expect(await dump(rest!.dataSource)).toBe(before);
    return found;
  };
  const withHead = (routes: readonly string[]): string[] =>
    routes.flatMap((route) => (route.startsWith('GET') ? [route, route.replace('GET', 'HEAD')] : [route]));

  it.each([
    ['beside guards of the routes', { guards: [AccountGuard] }],
    ['with public: true', { public: true }],
  ] as const)('a global guard of the app covers every route, the page and its script, %s', async (_, api) => {
    rest = await restApp({ adapter, webhooks: { api }, imports: [DenyAllModule] });

    const found = await statuses(withHead(ALL));

    expect(found).toEqual(Object.fromEntries(withHead(ALL).map((route) => [route, 403])));
  });

  it('a guard of the routes covers the page, and leaves the scripts and the public keys, which are the same for everybody', async () => {
    rest = await restApp({ adapter, webhooks: { api: { guards: [DenyAll] } } });

    const found = await statuses(withHead(ALL));

    const scripts = withHead(['GET /dashboard/:script']).map((route) => [route, 200]);
    // There are no keys here.
    const keys = { 'GET /jwks.json': 404, 'HEAD /jwks.json': 404 };
    expect(found).toEqual({
      ...Object.fromEntries(withHead(ALL).map((route) => [route, 403])),
      ...Object.fromEntries(scripts),
      ...keys,
    });
  });
});
