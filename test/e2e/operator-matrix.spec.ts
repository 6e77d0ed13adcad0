import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wrongFields } from '../support/rest-app.js';
import {
  mountedOperatorRoutes,
  OPERATOR_PATH,
  operatorApp,
  OperatorGuard,
  type OperatorApp,
} from '../support/operator-app.js';
import { AccountGuard, ADAPTERS, restApp, type RestAnswer } from '../support/rest-app.js';
import { dump } from '../support/route-matrix.js';

const ABSENT = '0'.repeat(32);
const ODD_IDS = [
  '%20',
  `EP_${ABSENT}`,
  `ep_${ABSENT}0`,
  `ep_${ABSENT}%00`,
  '..%2foverview',
  'constructor',
  "'%20OR%20''='",
  'x'.repeat(5_000),
];

/** What a query must hold, for the routes of which something must. */
const QUERIES: Record<string, string> = {
  'GET /search': 'q=acme',
  'GET /tenant': 'tenant=acme',
  'GET /settings': 'tenant=acme',
};

/** Of each route that shows one thing, the lists that show it among others. */
const LISTS = ['/tenants', '/endpoints', '/deliveries', '/events'];

describe.each(ADAPTERS)("Every one of the operators' routes, on %s", (adapter) => {
  let t: OperatorApp;
  let routes: string[];
  let ids: Record<'acme' | 'globex', { endpointId: string; deliveryId: string; eventId: string }>;

  beforeAll(async () => {
    t = await operatorApp({ adapter });
    const things = async (tenant: string) => {
      const endpointId = await t.endpoint(tenant);
      const { deliveryId, eventId } = await t.webhooks.deliveries.test(tenant, endpointId, 'post.created');
      return { endpointId, deliveryId, eventId };
    };
    ids = { acme: await things('acme'), globex: await things('globex') };
    routes = mountedOperatorRoutes();
  });
  afterAll(() => t.stop());

  const pathOf = (route: string, id = ABSENT): string => {
    const query = QUERIES[route];
    return OPERATOR_PATH + route.split(' ')[1]!.replaceAll(/:\w+/g, id) + (query ? `?${query}` : '');
  };
  const call = (
    route: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<RestAnswer> => t.call(route.split(' ')[0]!, path, { headers, ...(body ? { body } : {}) });
  const changingNothing = async (work: () => Promise<void>): Promise<void> => {
    const before = await dump(t.dataSource);
    await work();
    expect(await dump(t.dataSource)).toBe(before);
  };

  it('lets in nobody but operators, before it looks at what was sent', () =>
    changingNothing(async () => {
      expect(routes.length).toBeGreaterThan(10);
      for (const route of routes) {
        const path = `${pathOf(route).split('?')[0]}?colour=red`;
        const body = route.startsWith('GET') ? undefined : { colour: 'red' };
        const statuses = [
          (await call(route, path, {}, body)).status,
          // A customer.
          (await call(route, path, { 'x-account': 'acme' }, body)).status,
          (await call(route, path, { 'x-operator': 'bob' }, body)).status,
          (await call(route, path, { 'x-operator': 'bob', 'x-account': 'acme' }, body)).status,
        ];
        expect([route, ...statuses]).toEqual([route, 401, 401, 403, 403]);
        if (route.startsWith('GET'))
          expect([route, (await t.call('HEAD', path)).status]).toEqual([route, 401]);
      }
    }));

  it('is out of reach of customers, however they write the path', () =>
    changingNothing(async () => {
      for (const route of routes) {
        const path = pathOf(route).replace(OPERATOR_PATH, '/api/webhooks');
        const answer = await call(route, path, { 'x-account': 'globex', 'x-operator': 'ada' });
        // Some have a namesake there, which shows what is theirs.
        expect(answer.text).not.toContain(ids.acme.endpointId);
      }
    }));

  it('refuses a property of the query that it does not know', () =>
    changingNothing(async () => {
      for (const route of routes.filter((one) => one.startsWith('GET'))) {
        for (const name of ['colour', 'constructor', '__proto__', 'limit[]']) {
          const path = pathOf(route);
          const answer = await call(route, `${path}${path.includes('?') ? '&' : '?'}${name}=x`, {
            'x-operator': 'ada',
          });
          const isAbsent = route.includes(':') && answer.status === 404;
          if (!isAbsent) expect([route, answer.status, wrongFields(answer)]).toEqual([route, 400, [name]]);
        }
      }
    }));

  it('takes no id of an odd shape', () =>
    changingNothing(async () => {
      for (const route of routes.filter((one) => one.includes(':'))) {
        for (const id of ODD_IDS) {
          const answer = await call(route, pathOf(route, id), { 'x-operator': 'ada' });
          expect([400, 404, 414], `${route} ${id.slice(0, 60)}`).toContain(answer.status);
        }
      }
    }));

  it('shows all tenants, or in a list only the named tenant', async () => {
    const ada = { 'x-operator': 'ada' };
    for (const list of LISTS) {
      const all = (await t.call('GET', `${OPERATOR_PATH}${list}`, { headers: ada })).body.data;
      expect([list, new Set(all.map(({ tenant }: { tenant: string }) => tenant))]).toEqual([
        list,
        new Set(['acme', 'globex']),
      ]);
      if (list === '/tenants') continue;
      const some = (await t.call('GET', `${OPERATOR_PATH}${list}?tenant=globex`, { headers: ada })).body.data;
      expect([list, some.map(({ tenant }: { tenant: string }) => tenant)]).toEqual([list, ['globex']]);
      const none = (await t.call('GET', `${OPERATOR_PATH}${list}?tenant=`, { headers: ada })).body.data;
      expect([list, none]).toEqual([list, []]);
    }
    for (const [tenant, { endpointId, deliveryId, eventId }] of Object.entries(ids)) {
      for (const path of [`/endpoints/${endpointId}`, `/deliveries/${deliveryId}`, `/events/${eventId}`]) {
        const { body } = await t.call('GET', `${OPERATOR_PATH}${path}`, { headers: ada });
        expect([path, body.tenant]).toEqual([path, tenant]);
      }
    }
  });
});

describe('A global guard of the app', () => {
  it("stands before the operators' routes, too", async () => {
    const rest = await restApp({
      webhooks: { operator: { guards: [AccountGuard, OperatorGuard] } },
      configure: (app) => app.useGlobalGuards({ canActivate: () => false }),
    });
    for (const route of mountedOperatorRoutes()) {
      const [method, path] = route.split(' ') as [string, string];
      const answer = await rest.call(method, OPERATOR_PATH + path.replaceAll(/:\w+/g, ABSENT), {
        headers: { 'x-operator': 'ada', 'x-account': 'acme' },
      });
      expect([route, answer.status]).toEqual([route, 403]);
    }
    await rest.stop();
  });
});
