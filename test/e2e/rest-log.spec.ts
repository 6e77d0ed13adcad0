import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebhookEndpoint } from 'nestjs-webhooks';
import { ADAPTERS, restApp, wrongFields, type RestApp } from '../support/rest-app.js';

interface Row {
  id: string;
  status: string;
  nextAttemptAt: string | null;
}

const iso = (ms: number): string => new Date(ms).toISOString();

describe.each(ADAPTERS)('The log routes on %s', (adapter) => {
  let rest: RestApp;
  let tenants = 0;
  let tenant: string;
  let as: ReturnType<RestApp['as']>;
  let endpointId: string;

  beforeAll(async () => {
    rest = await restApp({ adapter });
  });
  afterAll(() => rest.stop());
  beforeEach(async () => {
    tenant = `tenant-${++tenants}`;
    as = rest.as(tenant);
    endpointId = await rest.endpoint(tenant);
    rest.clock.advance('1m');
  });
  afterEach(() => {
    rest.receiver.answer = 200;
  });

  const now = (): string => iso(rest.clock.now());
  /** Emits, and waits for the first attempt. */
  const emit = async (type = 'post.created', answer = 200): Promise<string> => {
    rest.receiver.answer = answer;
    const { id } = await rest.webhooks.emit(type, { post_id: 'p_1' }, { tenant });
    await rest.settled();
    return id;
  };
  const log = async (query = ''): Promise<Row[]> =>
    (await as.get(`/${endpointId}/deliveries${query}`)).body.data;
  const newest = async (): Promise<Row> => (await log('?limit=1'))[0]!;
  const arrivals = (): number => rest.receiver.arrivals.filter(({ path }) => path === `/${tenant}`).length;

  const sendTest = (eventType: unknown = 'post.published') => as.post(`/${endpointId}/test`, { eventType });

  const retry = async (id: string) => {
    const answer = await as.post(`/deliveries/${id}/retry`);
    await rest.settled();
    return answer;
  };

  const recover = async (body: object) => {
    const answer = await as.post(`/${endpointId}/recover`, body);
    await rest.relay.runOnce();
    await rest.settled();
    return answer;
  };

  const types = async (query: string): Promise<string[]> =>
    ((await as.get(`/${endpointId}/deliveries?${query}`)).body.data as { eventType: string }[]).map(
      ({ eventType }) => eventType,
    );

  describe('POST /:id/test', () => {
    it('sends the example of the type and answers with the outcome', async () => {
      rest.receiver.nextAnswers.push({ status: 200, headers: { 'x-received': 'yes' }, body: 'Thanks' });

      const { status, body } = await sendTest();

      expect(status).toBe(200);
      expect(body).toEqual({
        deliveryId: expect.stringMatching(/^dlv_/),
        eventId: expect.stringMatching(/^evt_/),
        id: expect.stringMatching(/^att_/),
        number: 1,
        outcome: 'succeeded',
        startedAt: now(),
        durationMs: expect.any(Number),
        statusCode: 200,
        error: null,
        requestHeaders: expect.objectContaining({ 'webhook-id': body.eventId }),
        responseHeaders: expect.objectContaining({ 'x-received': 'yes' }),
        responseBody: 'Thanks',
        url: expect.stringMatching(/^http:/),
        requestBody: rest.receiver.arrivals.at(-1)!.body,
      });
      const sent = JSON.parse(rest.receiver.arrivals.at(-1)!.body);
      expect(sent).toMatchObject({
        id: body.eventId,
        event_type: 'post.published',
        data: { post_id: 'post_1' },
      });
    });

    it('answers with a failure, and does not try again', async () => {
      rest.receiver.nextAnswers.push({ status: 500, body: 'Broken' });

      const { status, body } = await sendTest();

      expect(status).toBe(200);
      expect(body).toMatchObject({
        outcome: 'failed',
        statusCode: 500,
        error: null,
        responseBody: 'Broken',
      });
      await rest.after(86_400_000);
      expect(arrivals()).toBe(1);
      expect(await newest()).toMatchObject({ id: body.deliveryId, status: 'failed', test: true });
    });

    it('tells that a destination was refused, and nothing about it', async () => {
      const endpoints = rest.dataSource.getRepository(WebhookEndpoint);
      await endpoints.update({ id: endpointId }, { url: 'http://169.254.169.254/latest' });

      const { body } = await sendTest();

      expect(body).toMatchObject({
        outcome: 'failed',
        statusCode: null,
        error: { code: 'refused-destination', message: expect.stringContaining('not allowed') },
        responseHeaders: null,
        responseBody: null,
      });
      expect(JSON.stringify(body.error)).not.toContain('169.254');
    });

    it('tests an endpoint that is off, and leaves it off', async () => {
      await as.patch(`/${endpointId}`, { active: false });

      expect((await sendTest()).body.outcome).toBe('succeeded');
      expect((await as.get(`/${endpointId}`)).body.active).toBe(false);
    });

    it('does not disable an endpoint that answers a test with 410', async () => {
      rest.receiver.nextAnswers.push(410);

      expect((await sendTest()).body).toMatchObject({ outcome: 'failed', statusCode: 410 });
      expect((await as.get(`/${endpointId}`)).body.active).toBe(true);
    });

    it.each(['post.deleted', 'post.*', '', undefined, 5, null, 'constructor', 'x'.repeat(129), 'a\0b'])(
      'refuses the event type %j and sends nothing',
      async (eventType) => {
        const refused = await as.post(`/${endpointId}/test`, { eventType });

        expect(refused.status).toBe(400);
        expect(wrongFields(refused)).toEqual(['eventType']);
        expect([arrivals(), await log()]).toEqual([0, []]);
      },
    );
  });

  describe('GET /:id/deliveries', () => {
    it('shows a delivery of an endpoint, the newest first', async () => {
      const first = await emit('post.created');
      const second = await emit('post.published', 503);

      const { body } = await as.get(`/${endpointId}/deliveries`);

      expect(body.nextCursor).toBeNull();
      expect(body.data).toEqual([
        {
          id: expect.stringMatching(/^dlv_/),
          eventId: second,
          eventType: 'post.published',
          endpointId,
          status: 'pending',
          test: false,
          attemptCount: 1,
          statusCode: 503,
          errorCode: null,
          durationMs: expect.any(Number),
          nextAttemptAt: iso(rest.clock.now() + 300_000),
          createdAt: now(),
          completedAt: null,
        },
        expect.objectContaining({
          eventId: first,
          status: 'succeeded',
          nextAttemptAt: null,
          completedAt: now(),
        }),
      ]);
    });

    it('pages with none twice while deliveries are added', async () => {
      const events = [await emit(), await emit(), await emit()].toReversed();

      const first = (await as.get(`/${endpointId}/deliveries?limit=2`)).body;
      await emit();
      const second = (await as.get(`/${endpointId}/deliveries?limit=2&cursor=${first.nextCursor}`)).body;

      const seen = [...first.data, ...second.data].map(({ eventId }) => eventId);
      expect(seen).toEqual(events);
      expect(second.nextCursor).toBeNull();
    });

    it('filters by status, event type and time, in ISO 8601 or epoch milliseconds', async () => {
      const start = rest.clock.now();
      await emit('post.created');
      rest.clock.advance('1m');
      await emit('post.published', 500);
      rest.clock.advance('1m');
      await emit('post.created', 410);

      expect(await types('status=succeeded')).toEqual(['post.created']);
      expect(await types('status=pending')).toEqual(['post.published']);
      expect(await types('status=failed')).toEqual(['post.created']);
      expect(await types('status=canceled')).toEqual([]);
      expect(await types('eventType=post.created')).toHaveLength(2);
      expect(await types('eventType=post.created&status=failed')).toHaveLength(1);
      expect(await types(`since=${start + 60_000}`)).toEqual(['post.created', 'post.published']);
      expect(await types(`since=${iso(start + 60_000)}`)).toEqual(['post.created', 'post.published']);
      expect(await types(`until=${iso(start + 60_000)}`)).toEqual(['post.created']);
      expect(await types(`since=${start}&until=${start + 60_001}`)).toEqual([
        'post.published',
        'post.created',
      ]);
      expect(await types('since=2026-01-01&until=2026-01-01T02:00:00%2B02:00')).toEqual([]);
    });

    it.each([
      ['status', 'status=done'],
      ['status', 'status=failed&status=pending'],
      ['eventType', 'eventType=%00'],
      ['since', 'since=yesterday'],
      ['since', 'since='],
      ['since', 'since=-5'],
      ['since', 'since=2026-01-01T10:00'],
      ['since', 'since=2026-01-01T10:00:00+02:00'],
      ['until', 'until=99999999999999999'],
      ['tenant', 'tenant=globex'],
      ['endpointId', `endpointId=ep_${'0'.repeat(32)}`],
    ])('refuses a wrong %s: %s', async (field, query) => {
      const refused = await as.get(`/${endpointId}/deliveries?${query}`);

      expect(refused.status).toBe(400);
      expect(wrongFields(refused)).toEqual([field]);
    });
  });

  it('bounds the attempts of one answer, whatever was resent, and gives all by pages', async () => {
    await emit('post.created');
    const { id } = await newest();
    for (let resent = 1; resent < 53; resent++) {
      rest.clock.advance('1m');
      expect((await as.post(`/deliveries/${id}/retry`)).status).toBe(202);
      await rest.settled();
    }

    const { body } = await as.get(`/deliveries/${id}`);

    const numbers = (attempts: { number: number }[]): number[] => attempts.map(({ number }) => number);
    expect(body.attemptCount).toBe(53);
    expect(numbers(body.attempts)).toEqual(Array.from({ length: 50 }, (_, n) => n + 4));
    const first = (await as.get(`/deliveries/${id}/attempts?limit=50`)).body;
    expect(first.data).toEqual(body.attempts.toReversed());
    const second = (await as.get(`/deliveries/${id}/attempts?limit=50&cursor=${first.nextCursor}`)).body;
    expect([numbers(second.data), second.nextCursor]).toEqual([[3, 2, 1], null]);
    expect((await rest.as('globex').get(`/deliveries/${id}/attempts`)).status).toBe(404);
  });

  it('shows a delivery with the body of its event and all attempts', async () => {
    const eventId = await emit('post.created', 500);
    rest.receiver.answer = { status: 202, body: 'At last' };
    await rest.after(300_000);

    const { body } = await as.get(`/deliveries/${(await newest()).id}`);

    expect(body).toMatchObject({ eventId, status: 'succeeded', attemptCount: 2, statusCode: 202 });
    expect(body.event).toMatchObject({ id: eventId, type: 'post.created', test: false });
    // What other tests left due was sent at the same time.
    const sent = rest.receiver.arrivals.filter(({ headers }) => headers['webhook-id'] === eventId);
    expect(sent.map((arrival) => arrival.body)).toEqual([body.event.body, body.event.body]);
    expect(body.attempts).toMatchObject([
      { number: 1, outcome: 'retrying', statusCode: 500, responseBody: '', error: null },
      { number: 2, outcome: 'succeeded', statusCode: 202, responseBody: 'At last' },
    ]);
    expect(body.attempts[0].requestHeaders).toMatchObject({ 'x-webhook-attempt': '1' });
  });

  describe('POST /deliveries/:deliveryId/retry', () => {
    it('sends a final delivery again once, with the same id and bytes', async () => {
      await emit('post.created', 410);
      await as.patch(`/${endpointId}`, { active: true });
      const { id } = await newest();
      rest.receiver.answer = 500;

      const accepted = await retry(id);

      expect(accepted.status).toBe(202);
      expect(accepted.body).toMatchObject({ id, status: 'pending', nextAttemptAt: null, completedAt: null });
      const [first, second] = rest.receiver.arrivals.slice(-2);
      expect(second!.body).toBe(first!.body);
      expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
      expect(await newest()).toMatchObject({ id, status: 'failed', attemptCount: 2, nextAttemptAt: null });
    });

    it('sends one that succeeded again', async () => {
      await emit();

      await retry((await newest()).id);

      expect(arrivals()).toBe(2);
      expect(await newest()).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    });

    it('gives a delivery that waits its next attempt now, and keeps its schedule', async () => {
      await emit('post.created', 500);
      rest.clock.advance('1m');

      await retry((await newest()).id);

      const nextAttemptAt = iso(rest.clock.now() + 14 * 60_000);
      expect(await newest()).toMatchObject({ status: 'pending', attemptCount: 2, nextAttemptAt });
    });

    it('refuses with a 409 while the delivery is being sent', async () => {
      let held!: ServerResponse;
      rest.receiver.nextAnswers.push((_, response) => (held = response));
      await rest.webhooks.emit('post.created', {}, { tenant });
      await rest.receiver.received(1, `/${tenant}`);

      const refused = await as.post(`/deliveries/${(await newest()).id}/retry`);

      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({ statusCode: 409, code: 'webhooks/delivery-in-flight' });
      held.end();
      await rest.settled();
      expect(arrivals()).toBe(1);
    });

    it('refuses with a 409 while the endpoint is off', async () => {
      await emit();
      await as.patch(`/${endpointId}`, { active: false });

      const refused = await retry((await newest()).id);

      expect([refused.status, refused.body.code]).toEqual([409, 'webhooks/endpoint-inactive']);
      expect(await newest()).toMatchObject({ status: 'succeeded' });
    });

    it('is a 404 once the endpoint has been deleted', async () => {
      await emit();
      const { id } = await newest();
      await as.delete(`/${endpointId}`);

      expect((await retry(id)).status).toBe(404);
    });

    it('sends once for two retries at the same time', async () => {
      await emit();
      const { id } = await newest();

      const answers = await Promise.all([retry(id), retry(id)]);

      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
      expect(arrivals()).toBe(2);
    });
  });

  describe('POST /:id/recover', () => {
    it('sends failed deliveries again, with a whole retry schedule', async () => {
      const since = rest.clock.now();
      await emit('post.created', 410);
      rest.clock.advance('1h');
      await as.patch(`/${endpointId}`, { active: true });
      rest.receiver.answer = 500;

      const recovered = await recover({ since });

      expect([recovered.status, recovered.body]).toEqual([202, { resent: 1, created: 0 }]);
      const nextAttemptAt = iso(rest.clock.now() + 300_000);
      expect(await log()).toMatchObject([{ status: 'pending', attemptCount: 2, nextAttemptAt }]);
    });

    it('makes deliveries for what was emitted while the endpoint was off', async () => {
      const since = now();
      await as.patch(`/${endpointId}`, { active: false, events: ['post.*'] });
      const missed = await emit('post.created');
      await emit('follower.gained');
      expect(arrivals()).toBe(0);
      rest.clock.advance('1h');
      await as.patch(`/${endpointId}`, { active: true });

      const recovered = await recover({ since });

      expect(recovered.body).toEqual({ resent: 0, created: 1 });
      expect(await log()).toMatchObject([{ eventId: missed, status: 'succeeded' }]);
      expect((await recover({ since })).body).toEqual({ resent: 0, created: 0 });
    });

    it('makes deliveries for what was emitted before the endpoint was there', async () => {
      const since = rest.clock.now();
      await emit();
      rest.clock.advance('1h');
      endpointId = await rest.endpoint(tenant);

      expect((await recover({ since })).body).toEqual({ resent: 0, created: 1 });
      expect(await log()).toMatchObject([{ status: 'succeeded' }]);
    });

    it('is found in the log at the time of what was missed', async () => {
      const since = rest.clock.now();
      await as.patch(`/${endpointId}`, { active: false });
      const missed = await emit('post.created');
      rest.clock.advance('1h');
      await as.patch(`/${endpointId}`, { active: true });
      const later = await emit('post.created');

      await recover({ since });

      expect(await log()).toMatchObject([{ eventId: later }, { eventId: missed }]);
      expect(await log(`?until=${since + 1}`)).toMatchObject([{ eventId: missed, createdAt: iso(since) }]);
      expect(await log(`?since=${since + 1}`)).toMatchObject([{ eventId: later }]);
    });

    it('leaves out what is outside of the range, tests, and what succeeded or still waits', async () => {
      const since = rest.clock.now();
      await emit('post.created');
      await emit('post.created', 500);
      rest.receiver.nextAnswers.push(500);
      await as.post(`/${endpointId}/test`, { eventType: 'post.created' });
      rest.clock.advance('1m');
      const until = rest.clock.now();
      await emit('post.created', 410);
      await as.patch(`/${endpointId}`, { active: true });
      rest.clock.advance('1m');

      expect((await recover({ since, until })).body).toEqual({ resent: 0, created: 0 });
      expect((await recover({ since: until })).body).toEqual({ resent: 1, created: 0 });
    });

    it('makes no deliveries of what other tenants emitted', async () => {
      const since = rest.clock.now();
      await rest.webhooks.emit('post.created', {}, { tenant: tenant.toUpperCase() });
      await rest.webhooks.emit('post.created', {}, { tenant: 'globex' });
      rest.clock.advance('1h');

      expect((await recover({ since })).body).toEqual({ resent: 0, created: 0 });
      expect(arrivals()).toBe(0);
    });

    it('is paced: a hundred at once, and the next ones later', async () => {
      const since = rest.clock.now();
      await as.patch(`/${endpointId}`, { active: false });
      for (let i = 0; i < 150; i++) await rest.webhooks.emit('post.created', { i }, { tenant });
      rest.clock.advance('1m');
      await as.patch(`/${endpointId}`, { active: true });

      expect((await as.post(`/${endpointId}/recover`, { since })).body).toEqual({ resent: 0, created: 150 });
      const times = (await log('?limit=250')).map((row) => row.nextAttemptAt);
      expect(times.filter((time) => time === now())).toHaveLength(100);
      expect(times.filter((time) => time === iso(rest.clock.now() + 2_000))).toHaveLength(50);
    });

    it('refuses with a 409 while the endpoint is off', async () => {
      await as.patch(`/${endpointId}`, { active: false });

      const refused = await recover({ since: 0 });

      expect([refused.status, refused.body.code]).toEqual([409, 'webhooks/endpoint-inactive']);
    });

    it.each([
      ['no since', {}],
      ['null', { since: null }],
      ['a word', { since: 'yesterday' }],
      ['a time to come', { since: '2999-01-01' }],
      ['a since after until', { since: 10, until: 5 }],
    ])('refuses %s', async (_, body) => {
      const refused = await recover(body);

      expect(refused.status).toBe(400);
      expect(wrongFields(refused)).toEqual(['since']);
    });
  });

  describe('GET /events', () => {
    it('lists what was emitted, the newest first, in pages and filtered', async () => {
      const first = await emit('post.created');
      rest.clock.advance('1m');
      const second = await emit('post.published');

      const page = (await as.get('/events?limit=1')).body;

      expect(page.data).toEqual([
        {
          id: second,
          type: 'post.published',
          test: false,
          idempotencyKey: null,
          createdAt: now(),
          deliveryCounts: { pending: 0, succeeded: 1, failed: 0, canceled: 0 },
        },
      ]);
      const ids = async (query: string): Promise<string[]> =>
        ((await as.get(`/events?${query}`)).body.data as Row[]).map(({ id }) => id);
      expect(await ids(`limit=1&cursor=${page.nextCursor}`)).toEqual([first]);
      expect(await ids('eventType=post.created')).toEqual([first]);
      expect(await ids(`since=${now()}`)).toEqual([second]);
      expect(await ids(`until=${rest.clock.now()}`)).toEqual([first]);
      expect((await as.get('/events?status=failed')).status).toBe(400);
    });

    it('shows an event and to whom it went', async () => {
      const other = await rest.endpoint(tenant);
      const id = await emit('post.created');

      const { body } = await as.get(`/events/${id}`);

      expect(body).toMatchObject({ id, type: 'post.created' });
      const receivers = body.deliveries.map((row: { endpointId: string }) => row.endpointId);
      expect(receivers.sort()).toEqual([endpointId, other].sort());
    });
  });
});
