import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS, restApp, wrongFields, type RestAnswer, type RestApp } from '../support/rest-app.js';

const input = (more: object = {}): object => ({
  name: 'My endpoint',
  url: 'https://example.com/webhooks',
  events: ['post.published'],
  ...more,
});

describe.each(ADAPTERS)('The endpoint routes on %s', (adapter) => {
  let rest: RestApp;
  let tenants = 0;
  let tenant: string;
  let as: ReturnType<RestApp['as']>;

  beforeAll(async () => {
    rest = await restApp({ adapter });
  });
  afterAll(() => rest.stop());
  beforeEach(() => {
    tenant = `tenant-${++tenants}`;
    as = rest.as(tenant);
  });

  it('creates an endpoint with defaults and tells its secret', async () => {
    const created = await as.post('/', input());

    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^ep_[0-9a-f]{32}$/),
      name: 'My endpoint',
      url: 'https://example.com/webhooks',
      description: null,
      events: ['post.published'],
      active: true,
      disabledReason: null,
      disabledNote: null,
      disabledAt: null,
      failingSince: null,
      deferredUntil: null,
      headers: {},
      authorization: null,
      clientCertificate: null,
      rateLimit: null,
      concurrency: null,
      representation: 'envelope',
      version: null,
      filter: null,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      secret: expect.stringMatching(/^whsec_/),
    });
  });

  it('stores every setting that is given', async () => {
    const settings = {
      active: false,
      description: 'For the CRM',
      headers: { Authorization: 'Bearer x' },
      rateLimit: 5,
      events: ['post.*', 'follower.gained'],
    };

    const { body } = await as.post('/', input(settings));

    expect((await as.get(`/${body.id}`)).body).toMatchObject(settings);
  });

  it('tells the secret in the answer to POST / and on the secret routes, and nowhere else', async () => {
    const { body } = await as.post('/', input());
    const { secret } = body;

    const shown = await as.get(`/${body.id}/secret`);
    expect(shown.body).toEqual({ secret, createdAt: body.createdAt, previous: [] });
    expect(shown.headers['cache-control']).toBe('no-store');
    const others = [
      await as.get('/'),
      await as.get(`/${body.id}`),
      await as.patch(`/${body.id}`, { name: 'Renamed' }),
    ];
    for (const answer of others) {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain('whsec_');
    }
  });

  it('keeps a URL as it was judged', async () => {
    const { body } = await as.post('/', input({ url: 'HTTPS://EXAMPLE.com:443/Café' }));

    expect(body.url).toBe('https://example.com/Caf%C3%A9');
    const changed = await as.patch(`/${body.id}`, { url: 'https://EXAMPLE.org' });
    expect(changed.body.url).toBe('https://example.org/');
  });

  it.each([
    ['a missing name', { name: undefined }, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['a blank name', { name: ' \n ' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(256) }, 'name'],
    ['a null name', { name: null }, 'name'],
    ['a URL that is none', { url: 'example' }, 'url'],
    ['a URL of another scheme', { url: 'ftp://example.com/' }, 'url'],
    ['an event type that the app does not have', { events: ['post.deleted'] }, 'events[0]'],
    ['an empty list of events', { events: [] }, 'events'],
    ['a header that is ours', { headers: { 'Webhook-Id': 'x' } }, 'headers.Webhook-Id'],
    ['a header that is an array', { headers: [['a', 'b']] }, 'headers'],
    ['a rate limit of 0', { rateLimit: 0 }, 'rateLimit'],
    ['a rate limit that is a text', { rateLimit: '5' }, 'rateLimit'],
    ['active as a text', { active: 'true' }, 'active'],
    ['null for headers', { headers: null }, 'headers'],
    ['an unknown property', { colour: 'red' }, 'colour'],
    ['a property that is not the caller’s', { secrets: '[]' }, 'secrets'],
  ])('refuses %s with a 400 that names the field', async (_, more, field) => {
    const refused = await as.post('/', input(more));

    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ statusCode: 400, code: 'webhooks/invalid-input' });
    expect(wrongFields(refused)).toEqual([field]);
    expect((await as.get('/')).body.data).toEqual([]);
  });

  it('names every field that is wrong at once', async () => {
    const refused = await as.post('/', { url: 'https://example.com', events: 5, colour: 'red' });

    expect(wrongFields(refused).sort()).toEqual(['colour', 'events', 'name']);
  });

  it('pages through the endpoints, newest first, with none twice while others are added', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await rest.endpoint(tenant));

    const first = await as.get('/?limit=2');
    await rest.endpoint(tenant);
    const second = await as.get(`/?limit=2&cursor=${first.body.nextCursor}`);
    await rest.endpoint(tenant);
    const third = await as.get(`/?limit=2&cursor=${second.body.nextCursor}`);

    const pages = [first, second, third].map(({ body }) => body.data.map((row: { id: string }) => row.id));
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(third.body.nextCursor).toBeNull();
  });

  it('gives null for the next cursor where the last page is full', async () => {
    for (let i = 0; i < 2; i++) await rest.endpoint(tenant);

    expect((await as.get('/?limit=2')).body.nextCursor).toBeNull();
    expect((await as.get('/?limit=1')).body.nextCursor).not.toBeNull();
  });

  it('gives 50 on a page where no limit is said', async () => {
    for (let i = 0; i < 51; i++) await rest.endpoint(tenant);

    expect((await as.get('/')).body.data).toHaveLength(50);
    expect((await as.get('/?limit=250')).body.data).toHaveLength(51);
  });

  it.each(['limit=0', 'limit=251', 'limit=-1', 'limit=1.5', 'limit=x', 'limit=', 'limit=1&limit=2'])(
    'refuses a page with %s',
    async (query) => {
      const refused = await as.get(`/?${query}`);

      expect(refused.status).toBe(400);
      expect(wrongFields(refused)).toEqual(['limit']);
    },
  );

  it.each(['cursor=nonsense', 'cursor=', 'cursor=ep_1&cursor=ep_2'])(
    'refuses a page with %s',
    async (query) => {
      const refused = await as.get(`/?${query}`);

      expect(refused.status).toBe(400);
      expect(wrongFields(refused)).toEqual(['cursor']);
    },
  );

  it('changes what a PATCH holds and leaves the rest', async () => {
    const before = (await as.post('/', input({ description: 'Old', rateLimit: 5 }))).body;
    rest.clock.advance('1s');

    const changed = await as.patch(`/${before.id}`, { name: 'New', events: ['*', '*'] });

    const { secret: _, ...unchanged } = before;
    const updatedAt = new Date(rest.clock.now()).toISOString();
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...unchanged, name: 'New', events: ['*'], updatedAt });
    expect((await as.get(`/${before.id}`)).body).toEqual(changed.body);
  });

  it('takes null in a PATCH for a description and a rate limit', async () => {
    const { body } = await as.post('/', input({ description: 'Old', rateLimit: 5 }));

    const changed = await as.patch(`/${body.id}`, { description: null, rateLimit: null });

    expect(changed.body).toMatchObject({ description: null, rateLimit: null });
  });

  it.each(['name', 'url', 'events', 'active', 'headers'])(
    'refuses null in a PATCH for %s, and changes nothing',
    async (field) => {
      const { body } = await as.post('/', input());

      const refused = await as.patch(`/${body.id}`, { [field]: null, description: 'New' });

      expect(refused.status).toBe(400);
      expect(wrongFields(refused)).toEqual([field]);
      expect((await as.get(`/${body.id}`)).body.description).toBeNull();
    },
  );

  it('forgets why an endpoint was disabled once it is turned on', async () => {
    const id = await rest.endpoint(tenant);
    rest.receiver.nextAnswers.push(410);
    await rest.webhooks.emit('post.created', {}, { tenant });
    await rest.settled();
    const disabledAt = new Date(rest.clock.now()).toISOString();
    expect((await as.get(`/${id}`)).body).toMatchObject({
      active: false,
      disabledReason: 'gone',
      disabledAt,
    });

    const renamed = await as.patch(`/${id}`, { name: 'Still off' });
    expect(renamed.body).toMatchObject({ active: false, disabledReason: 'gone' });
    const turnedOn = await as.patch(`/${id}`, { active: true });
    expect(turnedOn.body).toMatchObject({ active: true, disabledReason: null, disabledAt: null });
  });

  it('tells since when an endpoint is off that was turned off, and not of one that was created so', async () => {
    const id = await rest.endpoint(tenant);
    const disabledAt = async (): Promise<unknown> => (await as.get(`/${id}`)).body.disabledAt;
    const off = new Date(rest.clock.now()).toISOString();
    const turnedOff = await as.patch(`/${id}`, { active: false });
    expect(turnedOff.body).toMatchObject({ active: false, disabledReason: null, disabledAt: off });

    rest.clock.advance('1h');
    await as.patch(`/${id}`, { active: false, name: 'Still off' });
    expect(await disabledAt()).toBe(off);
    await as.patch(`/${id}`, { active: true });
    expect(await disabledAt()).toBeNull();
    const created = await rest.endpoint(tenant, { active: false });
    expect((await as.get(`/${created}`)).body.disabledAt).toBeNull();
  });

  it('tells since when every attempt has failed, and takes that from nobody', async () => {
    const id = await rest.endpoint(tenant);
    const failingSince = async (): Promise<unknown> => (await as.get(`/${id}`)).body.failingSince;
    rest.receiver.nextAnswers.push(500, 500);
    await rest.webhooks.emit('post.created', {}, { tenant });
    await rest.settled();
    const since = new Date(rest.clock.now()).toISOString();
    expect(await failingSince()).toBe(since);

    const refused = await as.patch(`/${id}`, { failingSince: null });
    expect([refused.status, wrongFields(refused)]).toEqual([400, ['failingSince']]);
    await rest.after(300_000);
    expect(await failingSince()).toBe(since);
    await rest.after(600_000);
    expect(await failingSince()).toBeNull();
  });

  it('deletes an endpoint and cancels what was still to be sent', async () => {
    const id = await rest.endpoint(tenant);
    rest.receiver.nextAnswers.push(500);
    await rest.webhooks.emit('post.created', {}, { tenant });
    await rest.settled();
    const [delivery] = (await as.get(`/${id}/deliveries`)).body.data;
    expect(delivery.status).toBe('pending');

    const deleted = await as.delete(`/${id}`);

    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await as.get(`/${id}`)).status).toBe(404);
    expect((await as.get(`/deliveries/${delivery.id}`)).body).toMatchObject({
      status: 'canceled',
      errorCode: 'endpoint-deleted',
      nextAttemptAt: null,
    });
    expect((await as.delete(`/${id}`)).status).toBe(404);
  });

  it('rotates a secret, with the one before it live for the overlap', async () => {
    const { body } = await as.post('/', input());

    const rotated = await as.post(`/${body.id}/secret/rotate`, { overlap: '1h' });

    expect(rotated.status).toBe(200);
    expect(rotated.headers['cache-control']).toBe('no-store');
    expect(rotated.body.secret).not.toBe(body.secret);
    const expiresAt = new Date(rest.clock.now() + 3_600_000).toISOString();
    expect(rotated.body.previous).toEqual([{ secret: body.secret, expiresAt }]);
    expect((await as.get(`/${body.id}/secret`)).body).toEqual(rotated.body);
    rest.clock.advance('1h');
    expect((await as.get(`/${body.id}/secret`)).body.previous).toEqual([]);
  });

  it('lets the secret before it live for a day where a rotation says nothing', async () => {
    const { body } = await as.post('/', input());

    const rotated = await as.post(`/${body.id}/secret/rotate`);

    const expiresAt = new Date(rest.clock.now() + 86_400_000).toISOString();
    expect(rotated.body.previous).toEqual([{ secret: body.secret, expiresAt }]);
  });

  it.each([0, '0s'])('ends the secret before it at once with an overlap of %j', async (overlap) => {
    const { body } = await as.post('/', input());

    expect((await as.post(`/${body.id}/secret/rotate`, { overlap })).body.previous).toEqual([]);
  });

  it('lets ten secrets sign at most: a further rotation with an overlap is refused, and one without ends them', async () => {
    const { body } = await as.post('/', input());
    const rotate = (overlap: string | number): Promise<RestAnswer> =>
      as.post(`/${body.id}/secret/rotate`, { overlap });
    await rotate('1h');
    rest.clock.advance('30m');
    for (let live = 2; live < 10; live++) expect((await rotate('30d')).status).toBe(200);
    const { body: ten } = await as.get(`/${body.id}/secret`);
    expect(ten.previous).toHaveLength(9);

    const refused = await rotate('1h');

    expect([refused.status, refused.body.code]).toEqual([409, 'webhooks/too-many-secrets']);
    expect(refused.body.message).toContain('overlap of 0');
    expect((await as.get(`/${body.id}/secret`)).body).toEqual(ten);
    // The first one expires, and makes room for one more.
    rest.clock.advance('30m');
    expect((await rotate('1h')).body.previous).toHaveLength(9);
    expect((await rotate('1h')).status).toBe(409);
    expect((await rotate(0)).body.previous).toEqual([]);
  });

  it.each([-1, '1 hour', '31d', 1.5, null, true, ['1h'], {}, '', 'Infinity', 1e300])(
    'refuses an overlap of %j and keeps the secret',
    async (overlap) => {
      const { body } = await as.post('/', input());

      const refused = await as.post(`/${body.id}/secret/rotate`, { overlap });

      expect(refused.status).toBe(400);
      expect(wrongFields(refused)).toEqual(['overlap']);
      expect((await as.get(`/${body.id}/secret`)).body.secret).toBe(body.secret);
    },
  );

  it('stops at the quota of endpoints with a 409', async () => {
    const small = await restApp({ adapter, webhooks: { limits: { endpointsPerTenant: 1 } } });
    await small.as('acme').post('/', input());

    const refused = await small.as('acme').post('/', input());

    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('webhooks/endpoint-quota');
    expect((await small.as('globex').post('/', input())).status).toBe(201);
    await small.stop();
  });

  it('lists the event types of the catalogue', async () => {
    const { status, body } = await as.get('/event-types');

    expect(status).toBe(200);
    expect(body.data).toHaveLength(3);
    expect(body.data[0]).toEqual({
      type: 'post.published',
      group: 'Content',
      description: 'A post went live.',
      schema: {},
      example: { post_id: 'post_1', url: 'https://example.com/p/1' },
    });
  });
});
