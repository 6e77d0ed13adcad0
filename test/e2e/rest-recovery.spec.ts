import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookDuration } from 'nestjs-webhooks';
import { restApp, wrongFields, type RestAnswer, type RestApp } from '../support/rest-app.js';

describe.each(['sqlite', 'postgres', 'mysql'] as const)('GET /:id/recover on %s', (database) => {
  let rest: RestApp;
  let tenants = 0;
  let tenant: string;
  let as: ReturnType<RestApp['as']>;
  let endpointId: string;
  let since: number;

  beforeAll(async () => {
    rest = await restApp({ database });
  });
  afterAll(() => rest.stop());
  beforeEach(async () => {
    tenant = `tenant-${++tenants}`;
    as = rest.as(tenant);
    endpointId = await rest.endpoint(tenant, { events: ['post.*'] });
    since = later('1m');
  });
  afterEach(() => {
    rest.receiver.answer = 200;
  });

  /** Moves the clock; gives the time then. */
  const later = (by: WebhookDuration): number => {
    rest.clock.advance(by);
    return rest.clock.now();
  };
  const emit = async (type: string, answer = 200): Promise<void> => {
    rest.receiver.answer = answer;
    await rest.webhooks.emit(type, {}, { tenant });
    await rest.settled();
  };
  const turn = (active: boolean): Promise<RestAnswer> => as.patch(`/${endpointId}`, { active });
  const preview = async (query = `since=${since}`): Promise<object> =>
    (await as.get(`/${endpointId}/recover?${query}`)).body;
  const recover = async (body: object = { since }): Promise<object> =>
    (await as.post(`/${endpointId}/recover`, body)).body;

  /** Two that failed, one canceled, two missed; and one each that succeeded, waits, is a test or is not wanted. */
  const outage = async (): Promise<void> => {
    await emit('post.created');
    await emit('post.created', 503);
    await as.post(`/${endpointId}/test`, { eventType: 'post.created' });
    for (let failed = 0; failed < 2; failed++) {
      await emit('post.published', 410);
      await turn(true);
    }
    await emit('post.published', 500);
    await turn(false);
    // Off now: what waited is canceled, and what is emitted is missed.
    await rest.after(300_000);
    await emit('post.created');
    await emit('post.published');
    await emit('follower.gained');
    rest.clock.advance('1m');
  };

  it('counts what a recovery then sends, and still for an endpoint that is off', async () => {
    await outage();

    const before = await preview();

    expect(before).toMatchObject({ toResend: 4, failed: 2, canceled: 2, toCreate: 2, waiting: 0 });
    await turn(true);
    expect(await preview()).toEqual(before);
    expect(await recover()).toEqual({ resent: 4, created: 2 });
  });

  it('shows how far the recovery has come', async () => {
    await outage();
    await turn(true);
    await recover();

    expect(await preview()).toMatchObject({ toResend: 0, toCreate: 0, waiting: 6 });
    rest.receiver.answer = 500;
    await rest.after(0);
    expect(await preview()).toEqual({
      toResend: 0,
      failed: 0,
      canceled: 0,
      toCreate: 0,
      waiting: 0,
      retrying: 6,
      exact: true,
    });
  });

  it('leaves out what another attempt is planned for', async () => {
    await emit('post.created', 503);
    rest.clock.advance('1m');

    expect(await preview()).toMatchObject({ toResend: 0, toCreate: 0, waiting: 0 });
  });

  it('counts within the range alone', async () => {
    await emit('post.created', 410);
    await emit('post.created');
    const until = later('1m');
    await turn(true);
    await emit('post.created', 410);
    await emit('post.published');
    rest.clock.advance('1m');

    for (const range of [{ since, until }, { since: until }, { since: until, until: until + 1 }]) {
      const query = Object.entries(range).map(([name, at]) => `${name}=${at}`);
      expect(await preview(query.join('&'))).toMatchObject({ toResend: 1, toCreate: 1, waiting: 0 });
    }
    const empty = `since=${until + 1}`;
    expect(await preview(empty)).toMatchObject({ toResend: 0, toCreate: 0, waiting: 0 });
    await turn(true);
    expect(await recover({ since: until })).toEqual({ resent: 1, created: 1 });
    expect(await preview(`since=${since}`)).toMatchObject({ toResend: 1, toCreate: 1, waiting: 2 });
  });

  it('counts the events of other tenants, and the deliveries of other endpoints, for them alone', async () => {
    const other = await rest.endpoint(tenant, { url: `${rest.receiver.url}/other` });
    await rest.webhooks.emit('post.created', {}, { tenant: tenant.toUpperCase() });
    await turn(false);
    await emit('post.created', 410);
    rest.clock.advance('1m');

    expect(await preview()).toMatchObject({ toResend: 0, toCreate: 1, waiting: 0 });
    const { body } = await as.get(`/${other}/recover?since=${since}`);
    expect(body).toMatchObject({ toResend: 1, toCreate: 0, waiting: 0 });
  });

  it('finds a delivery that was made long after its event', async () => {
    await turn(false);
    await emit('post.created');
    const until = later('1m');
    rest.clock.advance('10d');
    await turn(true);
    await recover({ since, until });
    rest.receiver.answer = 410;
    await rest.after(0);

    expect(await preview(`since=${since}&until=${until}`)).toMatchObject({ toResend: 1, toCreate: 0 });
    await turn(true);
    expect(await recover({ since, until })).toEqual({ resent: 1, created: 0 });
  });

  it('counts in two statements, however many rows there are', async () => {
    await turn(false);
    for (let missed = 0; missed < 30; missed++) await emit('post.created');
    rest.clock.advance('1m');

    const statements = await rest.statementsOf(async () =>
      expect(await preview()).toMatchObject({ toResend: 0, toCreate: 30, waiting: 0 }),
    );

    // The first one is for the endpoint.
    expect(statements).toHaveLength(3);
  });

  it.each([
    ['no since', '', 'since'],
    ['a word', 'since=yesterday', 'since'],
    ['a time to come', 'since=2999-01-01', 'since'],
    ['a since after until', 'since=10&until=5', 'since'],
    ['an until that is no time', 'since=10&until=x', 'until'],
    ['a property that is not its own', 'since=10&limit=5', 'limit'],
  ])('refuses %s', async (_, query, field) => {
    const refused = await as.get(`/${endpointId}/recover?${query}`);

    expect([refused.status, wrongFields(refused)]).toEqual([400, [field]]);
  });
});
