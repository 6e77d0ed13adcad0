import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { daily } from '../support/daily.js';
import {
  AccountGuard,
  restApp,
  ROUTES,
  wrongFields,
  type RestAnswer,
  type RestApp,
} from '../support/rest-app.js';
import {
  BODIES,
  BODY_FIELDS,
  PAGE_ROUTES,
  dump,
  ENDPOINT,
  mountedRoutes,
  pathOf as pathWith,
  QUERY_FIELDS,
  routeIds,
  type RouteIds,
} from '../support/route-matrix.js';

const LISTS = ROUTES.filter((route) => QUERY_FIELDS[route]?.includes('limit'));
const LONG = 'x'.repeat(10_000);
/** Longer than 255 characters, and than MaxLength of class-validator takes it for. */
const VARIATION_SELECTORS = 'x\ufe0f'.repeat(255);
/** As JSON text, wrong for every field of every route. */
const HOSTILE_VALUES = [
  '[[]]',
  '[5]',
  '[null]',
  '{"a":{}}',
  '{"__proto__":{"active":true}}',
  '{"constructor":"x"}',
  '{"constructor":{"prototype":{}}}',
  '{"toString":1}',
  '-1',
  '1e400',
  '"a\\u0000b"',
  '["a\\u0000b"]',
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  JSON.stringify(LONG),
  JSON.stringify([LONG]),
];
const HOSTILE_IDS = [
  '..',
  '%2e%2e',
  '%00',
  'ep_%00',
  '%F0%9F%92%A5',
  '%ZZ',
  LONG,
  "'",
  '%27%20OR%201=1--',
  'null',
  `EP_${'0'.repeat(32)}`,
  `ep_${'0'.repeat(31)}`,
  `ep_${'0'.repeat(32)}%0A`,
];

describe.each(daily(['sqlite'], 'postgres'))('Every route, on %s', (database) => {
  let rest: RestApp;
  /** Ids of acme. */
  let ids: RouteIds;

  beforeAll(async () => {
    rest = await restApp({ database });
    rest.receiver.answer = 500;
    ids = await routeIds(rest, 'acme');
    // The statistics do not count tests.
    rest.receiver.nextAnswers.push(200);
    await rest.webhooks.emit('post.created', {}, { tenant: 'acme' });
    await rest.receiver.received(2);
    await rest.settled();
    await rest.endpoint('globex');
    rest.clock.advance('1m');
  });
  afterAll(() => rest.stop());

  const pathOf = (route: string, filled = ids, query: Record<string, string> = {}): string =>
    pathWith(route, filled, query);
  const call = (
    route: string,
    { account, path = pathOf(route), text }: { account?: string; path?: string; text?: string } = {},
  ): Promise<RestAnswer> =>
    rest.call(route.split(' ')[0]!, path, {
      headers: {
        ...(account === undefined ? {} : { 'x-account': account }),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(text === undefined ? {} : { text }),
    });
  const bodyOf = (route: string): { text?: string } =>
    BODIES[route] ? { text: JSON.stringify(BODIES[route]) } : {};
  /** Runs it, and makes sure that it changed nothing. */
  const changingNothing = async (work: () => Promise<void>): Promise<void> => {
    const before = await dump(rest.dataSource);
    await work();
    expect(await dump(rest.dataSource)).toBe(before);
  };

  it('is one that the design names, and the other way round', () => {
    expect(mountedRoutes(rest).sort()).toEqual([...ROUTES, ...PAGE_ROUTES].sort());
  });

  it.each(ROUTES)('%s is a 401 without credentials and a 403 for whom the guard turns away', (route) =>
    changingNothing(async () => {
      expect((await call(route, bodyOf(route))).status).toBe(401);
      expect((await call(route, { account: 'suspended', ...bodyOf(route) })).status).toBe(403);
    }),
  );

  it.each(ROUTES.filter((route) => route.includes(':')))(
    '%s is a 404 with the ids of another tenant, as with ids that never were',
    (route) =>
      changingNothing(async () => {
        const absent = Object.fromEntries(
          Object.entries(ids).map(([name, id]) => [name, id.replace(/.{12}$/, '000000000000')]),
        );
        const theirs = await call(route, { account: 'globex', ...bodyOf(route) });
        const nobodys = await call(route, {
          account: 'globex',
          path: pathOf(route, absent),
          ...bodyOf(route),
        });

        expect([theirs.status, theirs.body.code]).toEqual([404, 'webhooks/not-found']);
        const id = /:\w+/.exec(route)![0];
        expect(theirs.text.replace(ids[id]!, '')).toBe(nobodys.text.replace(absent[id]!, ''));
      }),
  );

  it.each([
    'GET /',
    'GET /?search=receiver',
    'GET /events',
    'GET /deliveries',
    'GET /deliveries?endpointId=:id',
    'GET /deliveries?search=:eventId',
    'GET /deliveries?search=post',
    'GET /deliveries?statusCode=5xx',
    'GET /stats',
  ])('%s shows nothing of another tenant', async (route) => {
    const seen = await call(route, { account: 'initech' });

    expect(seen.body.data ?? [seen.body.total]).toEqual(
      seen.body.total ? [{ succeeded: 0, retrying: 0, failed: 0, p50Ms: null, p95Ms: null }] : [],
    );
  });

  it('GET /stats/endpoints tells no more of another tenant’s id than of one that never was', async () => {
    const [known, absent] = [ids[':id']!, `ep_${'0'.repeat(32)}`];
    const query = { ids: `${known},${absent}`, until: String(rest.clock.now() + 1) };
    const path = pathOf('GET /stats/endpoints', ids, query);
    const seen = await call('GET /stats/endpoints', { account: 'initech', path });
    const own = await call('GET /stats/endpoints', { account: 'acme', path });

    const [theirs, nobodys] = seen.body.data;
    expect(own.body.data[0].total.succeeded).toBe(1);
    expect(theirs).toEqual({ ...nobodys, endpointId: known });
    expect(theirs.total).toEqual({ succeeded: 0, retrying: 0, failed: 0, p50Ms: null, p95Ms: null });
  });

  it('GET /settings holds no secret and nothing of the inside', async () => {
    const { body } = await call('GET /settings', { account: 'acme' });

    expect(Object.keys(body).sort()).toEqual(
      [
        'allowHttp',
        'captureBytes',
        'disableAfterMs',
        'guide',
        'overlapMs',
        'representations',
        'retentionMs',
        'retryOffsetsMs',
        'signatureHeader',
        'signatureHeaders',
        'signatureRotation',
        'ownSecrets',
        'timeoutMs',
        'versions',
      ].sort(),
    );
  });

  it.each(Object.keys(BODIES))('%s is a 400 with an unknown property in its body', (route) =>
    changingNothing(async () => {
      for (const name of ['colour', 'tenant', 'id', 'secrets', 'nextSlotAt', 'hasOwnProperty', '']) {
        const refused = await call(route, {
          account: 'acme',
          text: JSON.stringify({ ...BODIES[route], [name]: 'x' }),
        });
        expect([name, refused.status]).toEqual([name, 400]);
        expect(refused.body.details[0].field).toBe(name);
      }
    }),
  );

  it.each(Object.keys(BODIES))('%s is a 400 with a prototype in its body', (route) =>
    changingNothing(async () => {
      const others = JSON.stringify(BODIES[route]).slice(1);
      for (const key of ['__proto__', 'constructor', 'prototype']) {
        for (const value of ['{"active":true}', '"x"', 'null']) {
          const refused = await call(route, { account: 'acme', text: `{"${key}":${value},${others}` });
          expect([key, value, refused.status]).toEqual([key, value, 400]);
        }
      }
    }),
  );

  it.each(Object.entries(BODY_FIELDS))(
    '%s is a 400 with a hostile value in a field of its body',
    (route, names) =>
      changingNothing(async () => {
        // Where nothing says what the data of a type is, it may be any object.
        for (const name of names.filter((field) => field !== 'data')) {
          const { [name]: _, ...others } = (BODIES[route] ?? {}) as Record<string, unknown>;
          for (const value of HOSTILE_VALUES) {
            const text = `{${JSON.stringify(name)}:${value}${JSON.stringify(others)
              .slice(1)
              .replace(/^(?=.)(?!\})/, ',')}`;
            const { status, body } = await call(route, { account: 'acme', text });
            expect([name, value.slice(0, 40), status]).toEqual([name, value.slice(0, 40), 400]);
            expect(body.details[0].field).toMatch(new RegExp(`^${name}`));
          }
        }
      }),
  );

  it.each(['name', 'description'])('POST / is a 400 with variation selectors past the length of %s', (name) =>
    changingNothing(async () => {
      const value = name === 'name' ? VARIATION_SELECTORS : VARIATION_SELECTORS.repeat(8);
      const refused = await call('POST /', {
        account: 'acme',
        text: JSON.stringify({ ...ENDPOINT, [name]: value }),
      });

      expect([refused.status, refused.body.details?.[0].field]).toEqual([400, name]);
    }),
  );

  it.each(Object.entries(QUERY_FIELDS))('%s is a 400 with a hostile query', (route, names) =>
    changingNothing(async () => {
      for (const name of [...names, 'colour']) {
        for (const value of ['%00', LONG, '1&NAME=2', '%F0%9F%92%A5%00', '-1%00']) {
          const query = { [name]: value.replace('NAME', name) };
          const refused = await call(route, { account: 'acme', path: pathOf(route, ids, query) });
          const told = `${name}=${value.slice(0, 40)}`;
          expect([told, refused.status, wrongFields(refused)]).toEqual([told, 400, [name]]);
        }
      }
      for (const name of ['__proto__', 'constructor', '__proto__[limit]', '__proto__.limit']) {
        const refused = await call(route, { account: 'acme', path: pathOf(route, ids, { [name]: '1' }) });
        expect([name, refused.status]).toEqual([name, 400]);
      }
    }),
  );

  it.each(LISTS)('%s gives 1 to 250 rows, and is a 400 with a limit beyond', (route) =>
    changingNothing(async () => {
      for (const [limit, status] of [
        ['1', 200],
        ['250', 200],
        ['0', 400],
        ['251', 400],
      ] as const) {
        const answer = await call(route, { account: 'acme', path: pathOf(route, ids, { limit }) });
        expect([limit, answer.status]).toEqual([limit, status]);
        if (status === 400) expect(wrongFields(answer)).toEqual(['limit']);
      }
    }),
  );

  it.each(
    Object.entries(QUERY_FIELDS).flatMap(([route, names]) =>
      names.filter((name) => ['active', 'test'].includes(name)).map((name) => [route, name] as const),
    ),
  )('%s is a 400 with anything but true and false for %s', (route, name) =>
    changingNothing(async () => {
      for (const value of ['', '1', '0', 'TRUE', 'True', 'yes', 'null', 'true%20', 'true,false']) {
        const refused = await call(route, { account: 'acme', path: pathOf(route, ids, { [name]: value }) });
        expect([value, refused.status]).toEqual([value, 400]);
        const message = `${name} must be true or false, got '${decodeURIComponent(value)}'.`;
        expect(refused.body.details).toEqual([{ field: name, message, code: 'not-boolean', params: {} }]);
      }
      for (const value of ['true', 'false']) {
        const { status } = await call(route, {
          account: 'acme',
          path: pathOf(route, ids, { [name]: value }),
        });
        expect([value, status]).toEqual([value, 200]);
      }
    }),
  );

  it.each(ROUTES.filter((route) => route.includes(':')))('%s is a 404 or 400 with an odd id', (route) =>
    changingNothing(async () => {
      for (const id of HOSTILE_IDS) {
        const path = pathOf(route, { ':id': id, ':eventId': id, ':deliveryId': id });
        const { status } = await call(route, { account: 'acme', path, ...bodyOf(route) });
        expect([400, 404], `${id.slice(0, 40)} gave ${status}`).toContain(status);
      }
      for (const other of Object.values(ids)) {
        const path = pathOf(route, { ':id': other, ':eventId': other, ':deliveryId': other });
        if (path === pathOf(route)) continue;
        const { status } = await call(route, { account: 'acme', path, ...bodyOf(route) });
        expect(status, `${route} with ${other}`).toBe(404);
      }
    }),
  );

  it('takes what people write in their languages, and gives it back as it was', async () => {
    const name = '💥 Zahlungen – 支払い عربى';
    const account = `unicode-${database}`;

    const { status, body } = await call('POST /', {
      account,
      text: JSON.stringify({ ...ENDPOINT, name, description: name.repeat(50) }),
    });

    expect(status).toBe(201);
    const read = await call('GET /:id', { account, path: `/api/webhooks/${body.id}` });
    expect(read.body).toMatchObject({ name, description: name.repeat(50) });
  });
});

describe.each(['sqlite', 'postgres', 'mysql'] as const)('Tenants on %s', (database) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await restApp({ database });
  });
  afterAll(() => rest.stop());

  it.each([
    ['acme', 'ACME'],
    ['straße', 'strasse'],
    ['café', 'cafe'],
    ['a\u0301', '\u00e1'],
  ])('that databases may take for the same are not: %s and %s', async (one, other) => {
    const id = await rest.endpoint(one, { url: 'https://example.com/' });
    const { events, deliveries, endpoints, stats } = rest.webhooks;
    const { eventId, deliveryId } = await deliveries.test(one, id, 'post.created');
    await rest.webhooks.emit('post.created', {}, { tenant: other });
    await rest.webhooks.emit('post.created', {}, { tenant: one });
    await rest.settled();

    expect((await endpoints.list(other, { limit: 10 })).data).toEqual([]);
    await expect(endpoints.get(other, id)).rejects.toMatchObject({ code: 'webhooks/not-found' });
    await expect(endpoints.delete(other, id)).rejects.toMatchObject({ code: 'webhooks/not-found' });
    await expect(events.get(other, eventId)).rejects.toMatchObject({ code: 'webhooks/not-found' });
    await expect(deliveries.get(other, deliveryId)).rejects.toMatchObject({
      code: 'webhooks/not-found',
    });
    expect((await events.list({ tenant: other }, { limit: 10 })).data).toHaveLength(1);
    const retrying = async (tenant: string): Promise<number> =>
      (await stats.ofTenant(tenant, { until: rest.clock.now() + 1 })).total.retrying;
    expect([await retrying(one), await retrying(other)]).toEqual([1, 0]);
    expect((await deliveries.list({ tenant: one, endpointId: id }, { limit: 10 })).data).toHaveLength(2);
    expect((await endpoints.get(one, id)).id).toBe(id);
  });

  it('keeps the routes of accounts that differ in case only apart', async () => {
    const { body } = await rest.as('Initech').post('/', ENDPOINT);

    expect((await rest.as('initech').get(`/${body.id}`)).status).toBe(404);
    expect((await rest.as('initech').patch(`/${body.id}`, { name: 'x' })).status).toBe(404);
    expect((await rest.as('initech').delete(`/${body.id}`)).status).toBe(404);
    expect((await rest.as('initech').get('/')).body.data).toEqual([]);
    expect((await rest.as('Initech').get(`/${body.id}`)).status).toBe(200);
  });
});

describe('A tenant that can be nobody’s', () => {
  let rest: RestApp;
  afterEach(() => rest.stop());

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an empty text', ''],
    ['white space', '  '],
    ['a number', 5],
    ['zero', 0],
    ['an object', { id: 'acme' }],
    ['an array', ['acme']],
    ['a promise of nothing', Promise.resolve(undefined)],
    ['another’s with a space at its end', 'acme '],
    ['a NUL character', 'acme\0'],
    ['more than the column holds', 'x'.repeat(256)],
  ])('is a 403 on every route: %s', async (_, tenant) => {
    rest = await restApp({ webhooks: { api: { guards: [AccountGuard], tenant: () => tenant as never } } });
    const id = await rest.endpoint('acme');
    await rest.endpoint('');
    const before = await dump(rest.dataSource);

    for (const route of ROUTES) {
      const [method, path] = route.split(' ') as [string, string];
      const { status, body } = await rest.call(
        method,
        `/api/webhooks${path.replace(/^\/$/, '').replace(/:\w+/, id)}`,
        {
          headers: { 'x-account': 'acme' },
          ...(BODIES[route] ? { body: BODIES[route] } : {}),
        },
      );
      expect([route, status, body.code]).toEqual([route, 403, 'webhooks/tenant-missing']);
    }
    expect(await dump(rest.dataSource)).toBe(before);
  });
});
