import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebhookEndpoint } from 'nestjs-webhooks';
import { restApp, wrongFields, type RestApp } from '../support/rest-app.js';

interface Row {
  id: string;
  name: string;
  eventId: string;
  endpointId: string;
  test: boolean;
}

describe.each(['sqlite', 'postgres', 'mysql'] as const)('The filters of lists on %s', (database) => {
  let rest: RestApp;
  let tenants = 0;
  let tenant: string;
  let as: ReturnType<RestApp['as']>;

  beforeAll(async () => {
    rest = await restApp({ database });
  });
  afterAll(() => rest.stop());
  beforeEach(() => {
    tenant = `tenant-${++tenants}`;
    as = rest.as(tenant);
    rest.clock.advance('1m');
  });
  afterEach(() => {
    rest.receiver.answer = 200;
  });

  const rows = async (path: string): Promise<Row[]> => (await as.get(path)).body.data;
  const emit = async (type = 'post.created', answer = 200): Promise<string> => {
    rest.receiver.answer = answer;
    const { id } = await rest.webhooks.emit(type, {}, { tenant });
    await rest.settled();
    return id;
  };

  describe('GET /', () => {
    const named = (name: string, url = 'https://example.com/'): Promise<string> =>
      rest.endpoint(tenant, { name, url });
    const found = async (query: string): Promise<string[]> =>
      (await rows(`/?${query}`)).map(({ name }) => name).sort();
    const search = (text: string): Promise<string[]> => found(`search=${encodeURIComponent(text)}`);

    it('finds a part of the name or the URL, in upper or lower case', async () => {
      await named('Billing CRM', 'https://one.example.com/Hooks/Acme');
      await named('Support', 'https://two.example.com/crm');
      await named('Other', 'https://example.org/');

      expect(await search('crm')).toEqual(['Billing CRM', 'Support']);
      expect(await search('ling c')).toEqual(['Billing CRM']);
      expect(await search('HOOKS/acme')).toEqual(['Billing CRM']);
      expect(await search('.com')).toEqual(['Billing CRM', 'Support']);
      expect(await search('')).toHaveLength(3);
      expect(await search('crm ')).toEqual([]);
      expect(await search('nothing')).toEqual([]);
    });

    it.each(['%', '_', '\\', '!', '\\%', '!_', "'", '%25', '100% \\_!'])(
      'takes %j for the characters that they are',
      async (text) => {
        await named(`a ${text} b`);
        await named('a x b');

        expect(await search(text)).toEqual([`a ${text} b`]);
        expect(await search(`A ${text} B`)).toEqual([`a ${text} b`]);
      },
    );

    it.each(['Zahlungen für München', '支払い', '💥 boom'])('finds %s as it was written', async (name) => {
      await named(name);
      await named('Other');

      expect(await search(name)).toEqual([name]);
    });

    it('tells those that are on from those that are off', async () => {
      await named('On');
      const id = await named('Off');
      await as.patch(`/${id}`, { active: false });

      expect(await found('active=true')).toEqual(['On']);
      expect(await found('active=false')).toEqual(['Off']);
      expect(await found('active=false&search=on')).toEqual([]);
      expect(await found('')).toEqual(['Off', 'On']);
    });

    it('tells those that are failing or were disabled from the others', async () => {
      await named('Well');
      await named('Paused');
      const failing = await named('Failing');
      const disabled = await named('Disabled');
      const endpoints = rest.dataSource.getRepository(WebhookEndpoint);
      await endpoints.update({ id: failing }, { failingSince: 1 });
      await endpoints.update({ id: disabled }, { active: false, disabledReason: 'failing' });

      expect(await found('failing=true')).toEqual(['Disabled', 'Failing']);
      expect(await found('failing=false')).toEqual(['Paused', 'Well']);
      expect(await found('failing=true&active=true')).toEqual(['Failing']);
    });

    it('sorts by health: failing, disabled, paused, the others, on every page', async () => {
      const ids: Record<string, string> = {};
      for (const name of ['Failing', 'Well', 'Paused', 'Disabled', 'Failed once', 'Failing too', 'Well too'])
        ids[name] = await named(name);
      const endpoints = rest.dataSource.getRepository(WebhookEndpoint);
      const before = (minutes: number): number => rest.clock.now() - minutes * 60_000;
      await endpoints.update({ id: ids.Failing! }, { failingSince: before(60) });
      await endpoints.update({ id: ids['Failing too']! }, { failingSince: before(7) });
      await endpoints.update({ id: ids['Failed once']! }, { failingSince: before(5) });
      await endpoints.update(
        { id: ids.Disabled! },
        { active: false, disabledReason: 'failing', failingSince: 1 },
      );
      await as.patch(`/${ids.Paused!}`, { active: false });

      const names: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await as.get(`/?sort=health&limit=2${cursor}`);
        names.push(...body.data.map(({ name }: Row) => name));
        if (body.nextCursor === null) break;
        cursor = `&cursor=${body.nextCursor}`;
      }

      const [well, others] = [names.slice(4), names.slice(0, 4)];
      expect(others).toEqual(['Failing too', 'Failing', 'Disabled', 'Paused']);
      expect(well).toEqual(['Well too', 'Failed once', 'Well']);
      const found = await rows('/?sort=health&failing=true&search=fail');
      expect(found.map(({ name }) => name)).toEqual(['Failing too', 'Failing', 'Failed once']);
      expect(wrongFields(await as.get('/?sort=name'))).toEqual(['sort']);
    });

    it('pages through what it finds, the newest first', async () => {
      const ids: string[] = [];
      for (let index = 0; index < 3; index++) {
        ids.unshift(await named(`CRM ${index}`));
        await named('Other');
      }

      const first = (await as.get('/?search=crm&limit=2')).body;
      const second = (await as.get(`/?search=crm&limit=2&cursor=${first.nextCursor}`)).body;

      expect([...first.data, ...second.data].map(({ id }: Row) => id)).toEqual(ids);
      expect(second.nextCursor).toBeNull();
    });

    it('takes a search of 255 characters and no more', async () => {
      await named('💥'.repeat(255));

      expect(await search('💥'.repeat(255))).toHaveLength(1);
      const refused = await as.get(`/?search=${'x'.repeat(256)}`);
      expect([refused.status, wrongFields(refused)]).toEqual([400, ['search']]);
    });
  });

  describe('GET /deliveries', () => {
    it('lists what went to all endpoints of the tenant, the newest first', async () => {
      const one = await rest.endpoint(tenant);
      const other = await rest.endpoint(tenant, { events: ['post.created'] });
      await rest.endpoint(tenant.toUpperCase());
      await rest.webhooks.emit('post.created', {}, { tenant: tenant.toUpperCase() });
      await emit('post.created');
      await emit('post.published');

      const log = await rows('/deliveries');

      expect(log.map(({ id }) => id)).toEqual(
        log
          .map(({ id }) => id)
          .toSorted()
          .toReversed(),
      );
      expect(log.map(({ endpointId }) => endpointId).sort()).toEqual([one, one, other].sort());
      expect((await rows(`/deliveries?endpointId=${other}`)).map(({ endpointId }) => endpointId)).toEqual([
        other,
      ]);
      expect(await rows(`/deliveries?endpointId=${one}`)).toEqual(await rows(`/${one}/deliveries`));
    });

    it('pages with none twice while deliveries are added', async () => {
      await rest.endpoint(tenant);
      const events = [await emit(), await emit(), await emit()].toReversed();

      const first = (await as.get('/deliveries?limit=2')).body;
      await emit();
      const second = (await as.get(`/deliveries?limit=2&cursor=${first.nextCursor}`)).body;

      expect([...first.data, ...second.data].map(({ eventId }: Row) => eventId)).toEqual(events);
      expect(second.nextCursor).toBeNull();
    });

    it('filters by status, event type and time', async () => {
      await rest.endpoint(tenant);
      const first = await emit('post.created');
      rest.clock.advance('1m');
      const between = rest.clock.now();
      const second = await emit('post.published', 500);

      const events = async (query: string): Promise<string[]> =>
        (await rows(`/deliveries?${query}`)).map(({ eventId }) => eventId);
      expect(await events('status=succeeded')).toEqual([first]);
      expect(await events('status=pending')).toEqual([second]);
      expect(await events('eventType=post.published')).toEqual([second]);
      expect(await events(`since=${between}`)).toEqual([second]);
      expect(await events(`until=${between}`)).toEqual([first]);
      expect(await events(`status=pending&until=${between}`)).toEqual([]);
    });

    it('still lists the deliveries of an endpoint that was deleted', async () => {
      const id = await rest.endpoint(tenant);
      const event = await emit();
      await as.delete(`/${id}`);

      expect(await rows(`/deliveries?endpointId=${id}`)).toMatchObject([{ eventId: event }]);
      expect((await as.get(`/${id}/deliveries`)).status).toBe(404);
    });

    it.each(['acme', 'ep_1', `evt_${'0'.repeat(32)}`, `EP_${'0'.repeat(32)}`, ''])(
      'refuses the endpoint id %j',
      async (id) => {
        const refused = await as.get(`/deliveries?endpointId=${id}`);

        expect([refused.status, wrongFields(refused)]).toEqual([400, ['endpointId']]);
      },
    );
  });

  it('tells tests from real events and deliveries', async () => {
    const id = await rest.endpoint(tenant);
    const real = await emit('post.created');
    const test = (await as.post(`/${id}/test`, { eventType: 'post.created' })).body.eventId;

    for (const path of ['/deliveries', `/${id}/deliveries`]) {
      expect(await rows(`${path}?test=true`)).toMatchObject([{ eventId: test, test: true }]);
      expect(await rows(`${path}?test=false`)).toMatchObject([{ eventId: real, test: false }]);
      expect(await rows(path)).toHaveLength(2);
    }
    expect(await rows('/events?test=true')).toMatchObject([{ id: test, test: true }]);
    expect(await rows('/events?test=false')).toMatchObject([{ id: real, test: false }]);
    expect(await rows('/events')).toHaveLength(2);
  });

  describe('The delivery counts of events', () => {
    const NONE = { pending: 0, succeeded: 0, failed: 0, canceled: 0 };

    it('tell how many deliveries are in which state, in the list and of one event', async () => {
      const unwanted = await emit('follower.gained');
      const answers = { ok: 200, busy: 500, down: 503, gone: 410, deleted: 500 };
      const ids = new Map<string, string>();
      for (const [name, status] of Object.entries(answers)) {
        const slow = await rest.endpoint(tenant, { name, url: `${rest.receiver.url}/${tenant}/${status}` });
        ids.set(name, slow);
      }
      rest.receiver.answer = ({ path }, response) => {
        response.statusCode = Number(path.split('/').at(-1));
        response.end();
      };
      const { id } = await rest.webhooks.emit('post.created', {}, { tenant });
      await rest.settled();
      await as.delete(`/${ids.get('deleted')}`);

      const [event, other] = (await as.get('/events')).body.data;

      const deliveryCounts = { pending: 2, succeeded: 1, failed: 1, canceled: 1 };
      expect(event).toMatchObject({ id, deliveryCounts });
      expect(other).toMatchObject({ id: unwanted, deliveryCounts: NONE });
      const detail = (await as.get(`/events/${id}`)).body;
      expect(detail.deliveryCounts).toEqual(deliveryCounts);
      expect(detail.deliveries).toHaveLength(5);
    });

    it('come with one statement for a page', async () => {
      await rest.endpoint(tenant);
      for (let index = 0; index < 5; index++) await emit();

      const statements = await rest.statementsOf(async () =>
        expect(await rows('/events?limit=3')).toHaveLength(3),
      );

      expect(statements).toHaveLength(2);
      expect(await rest.statementsOf(() => rows('/events?test=true'))).toHaveLength(1);
    });
  });
});
