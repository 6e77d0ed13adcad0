import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { WebhookDelivery } from 'nestjs-webhooks';
import { firstIdAt } from '../../lib/domain/id.js';
import { daily } from '../support/daily.js';
import { restApp, wrongFields, type RestApp } from '../support/rest-app.js';

const MINUTE_MS = 60_000;
/** An answer that never comes. */
const hang = (): void => {};

describe.each(daily(['sqlite', 'postgres', 'mysql'], 'mariadb'))('The log on %s', (database) => {
  let rest: RestApp;
  let tenants = 0;
  let tenant: string;
  let as: ReturnType<RestApp['as']>;
  let endpointId: string;

  beforeAll(async () => {
    rest = await restApp({ database, webhooks: { delivery: { pollInterval: '1h', timeout: '200ms' } } });
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

  const emit = async (data: object, answer: RestApp['receiver']['answer'] = 200): Promise<string> => {
    rest.receiver.answer = answer;
    const { id } = await rest.webhooks.emit('post.created', data, { tenant });
    await rest.settled();
    return id;
  };
  const found = async (query: Record<string, string>, by = as): Promise<string[]> => {
    const { body } = await by.get(`/${endpointId}/deliveries?${new URLSearchParams(query)}`);
    return (body.data as { eventId: string }[]).map(({ eventId }) => eventId);
  };
  const search = (text: string): Promise<string[]> => found({ search: text });

  it('is searched by the id of an event or of a delivery', async () => {
    const first = await emit({ title: 'One' });
    const second = await emit({ title: 'Two' });
    const [delivery] = (await as.get(`/${endpointId}/deliveries?limit=1`)).body.data;

    expect(await search(first)).toEqual([first]);
    expect(await search(` ${delivery.id} `)).toEqual([second]);
    expect(await search(`evt_${'0'.repeat(32)}`)).toEqual([]);
    // A part of one stands in the body.
    expect(await search(first.slice(4, 30))).toEqual([first]);
  });

  it('is searched by any text of the body: no character is a wildcard, and upper and lower case are one', async () => {
    const first = await emit({ title: 'Hello World', note: '100% \\_ "sure"\nâ' });
    await emit({ title: 'Another', note: '100x' });

    for (const text of ['hello w', 'WORLD', '100%', '\\_', '"sure"\nâ', '\\"sure\\"', "'"]) {
      expect([text, await search(text)]).toEqual([text, text === "'" ? [] : [first]]);
    }
    // As the dashboard shows it: formatted.
    expect(await search('"title": "Hello World",\n    "note"')).toEqual([first]);
    expect(await search('')).toHaveLength(2);
  });

  it('is narrowed by the last attempt’s status, its error, and how long it took', async () => {
    const failed = await emit({}, 503);
    const refused = await emit({}, 404);
    const fine = await emit({});
    const slow = await emit({}, hang);

    expect(await found({ statusCode: '503' })).toEqual([failed]);
    expect(await found({ statusCode: '4xx' })).toEqual([refused]);
    expect(await found({ statusCode: '2xx', eventType: 'post.created' })).toEqual([fine]);
    expect(await found({ statusCode: '2xx', eventType: 'post.published' })).toEqual([]);
    expect(await found({ errorCode: 'timeout' })).toEqual([slow]);
    expect(await found({ statusCode: '5xx', search: failed })).toEqual([failed]);
    expect(await found({ statusCode: '5xx', search: refused })).toEqual([]);
    expect(await found({ minDuration: '0ms' })).toHaveLength(4);
    expect(await found({ minDuration: '1d' })).toEqual([]);
  });

  it('tells of each delivery how long its last attempt took', async () => {
    const event = await emit({}, hang);
    const [row] = (await as.get(`/${endpointId}/deliveries`)).body.data;
    const detail = (await as.get(`/deliveries/${row.id}`)).body;
    const ofEvent = (await as.get(`/events/${event}`)).body.deliveries[0];

    expect(row.durationMs).toBeTypeOf('number');
    expect(detail.durationMs).toBe(row.durationMs);
    expect(detail.attempts.at(-1).durationMs).toBe(row.durationMs);
    expect(ofEvent.durationMs).toBe(row.durationMs);
    await as.patch(`/${endpointId}`, { rateLimit: 1 });
    await Promise.all([1, 2].map(() => rest.webhooks.emit('post.created', {}, { tenant })));
    await rest.settled();
    const waiting = (await as.get(`/${endpointId}/deliveries`)).body.data;
    expect(
      waiting.find(({ attemptCount }: { attemptCount: number }) => attemptCount === 0)?.durationMs ?? null,
    ).toBe(null);
  });

  it('gives what was attempted in a time, whenever it was made', async () => {
    const retried = await emit({}, 500);
    const firstAt = rest.clock.now();
    await rest.after(5 * MINUTE_MS);
    const fine = await emit({});

    const between = (from: number, to: number): Promise<string[]> =>
      found({ attemptedSince: String(from), attemptedUntil: String(to) });
    expect(await between(firstAt, firstAt + MINUTE_MS)).toEqual([retried]);
    expect(await between(firstAt + MINUTE_MS, firstAt + 6 * MINUTE_MS)).toEqual([fine, retried]);
    expect(await between(firstAt - MINUTE_MS, firstAt)).toEqual([]);
  });

  it('looks through some thousands of deliveries, and goes on from there', async () => {
    const first = await emit({ title: 'A needle' });
    await storeMany(5_600);

    const pages: { data: object[]; nextCursor: string | null }[] = [];
    let cursor: string | null = '';
    while (cursor !== null && pages.length < 5) {
      const path = `/${endpointId}/deliveries?search=needle${cursor && `&cursor=${cursor}`}`;
      pages.push((await as.get(path)).body);
      cursor = pages.at(-1)!.nextCursor;
    }
    expect(pages.map(({ data }) => data.length)).toEqual([0, 1]);
    expect(pages[1]!.data).toMatchObject([{ eventId: first }]);
  });

  it('finds nothing of another tenant, by whatever is asked for', async () => {
    const event = await emit({ title: 'Secret plans' }, 503);
    const [{ id }] = (await as.get(`/${endpointId}/deliveries`)).body.data;
    const other = rest.as(`other-${tenant}`);
    await rest.endpoint(`other-${tenant}`);

    const queries = ['search=plans', `search=${event}`, `search=${id}`, 'statusCode=503', 'minDuration=0ms'];
    for (const query of [...queries, 'attemptedSince=2020-01-01']) {
      expect((await as.get(`/deliveries?${query}`)).body.data).toMatchObject([{ id }]);
      expect((await other.get(`/deliveries?${query}`)).body.data).toEqual([]);
      expect((await other.get(`/deliveries?endpointId=${endpointId}&${query}`)).body.data).toEqual([]);
      expect((await other.get(`/${endpointId}/deliveries?${query}`)).status).toBe(404);
    }
  });

  it('names what is wrong with a search', async () => {
    const wrong = {
      search: 'x'.repeat(201),
      statusCode: '99',
      errorCode: 'Timed out',
      minDuration: 'long',
      attemptedSince: 'yesterday',
      attemptedUntil: '2026-01-01T10:00',
    };
    for (const [field, value] of Object.entries(wrong)) {
      const answer = await as.get(`/deliveries?${new URLSearchParams({ [field]: value })}`);
      expect([answer.status, wrongFields(answer)]).toEqual([400, [field]]);
    }
    expect((await as.get('/deliveries?search=a%00b')).status).toBe(400);
  });

  it('gives a request signed now, which the receiving side accepts, and not once it is old', async () => {
    const event = await emit({ title: 'Grüße' }, 500);
    const { secret } = (await as.get(`/${endpointId}/secret`)).body;
    const [{ id }] = (await as.get(`/${endpointId}/deliveries`)).body.data;
    rest.clock.advance('2h');

    const { status, body } = await as.get(`/deliveries/${id}/request`);

    expect(status).toBe(200);
    const arrived = rest.receiver.arrivals.at(-1)!;
    expect(body).toMatchObject({ method: 'POST', url: `${rest.receiver.url}/${tenant}`, body: arrived.body });
    expect(body.headers).toMatchObject({ 'webhook-id': event, 'x-webhook-attempt': '2' });
    expect(Date.parse(body.signedAt)).toBe(rest.clock.now() - (rest.clock.now() % 1_000));
    const verifyAt = (now: number): unknown =>
      verifyWebhook(body.body, body.headers, secret, { now: () => now });
    expect(verifyAt(rest.clock.now())).toMatchObject({ id: event });
    expect(() => verifyAt(rest.clock.now() + 3_600_000)).toThrow();
    expect(rest.receiver.arrivals.at(-1)).toBe(arrived);
  });

  it('sends many again at once, and says of each that it can’t', async () => {
    const one = await emit({}, 404);
    const two = await emit({}, 404);
    rest.receiver.answer = 200;
    await as.patch(`/${endpointId}`, { active: true });
    const rows = (await as.get(`/${endpointId}/deliveries`)).body.data as { id: string }[];
    const absent = `dlv_${'0'.repeat(32)}`;
    const ids = rows.map(({ id }) => id);

    const { status, body } = await as.post('/deliveries/retry', { ids: [...ids, absent] });
    await rest.settled();

    expect(status).toBe(202);
    expect(body).toEqual({
      resent: ids,
      refused: [{ id: absent, code: 'webhooks/not-found', message: expect.stringContaining(absent) }],
    });
    expect(await found({ status: 'succeeded' })).toEqual([two, one]);
    const theirs = await rest.as(`other-${tenant}`).post('/deliveries/retry', { ids });
    expect(theirs.body.resent).toEqual([]);
    expect(theirs.body.refused).toMatchObject(ids.map((id) => ({ id, code: 'webhooks/not-found' })));
    for (const wrong of [
      [],
      ['x'],
      [ids[0], ids[0]],
      Array.from({ length: 101 }, (_, n) => `dlv_${String(n).padStart(32, '0')}`),
      'x',
    ]) {
      const answer = await as.post('/deliveries/retry', { ids: wrong });
      expect([answer.status, wrongFields(answer)]).toEqual([400, ['ids']]);
    }
  });

  /** Newer than all that was emitted, of an event that has been pruned. */
  async function storeMany(count: number): Promise<void> {
    const now = rest.clock.now() + MINUTE_MS;
    const rows = Array.from({ length: count }, (_, index) => ({
      id: firstIdAt('dlv', now + index),
      eventId: firstIdAt('evt', now + index),
      endpointId,
      tenant,
      eventType: 'post.created',
      status: 'succeeded' as const,
      attemptCount: 1,
      scheduleAttempts: 1,
      single: false,
      test: false,
      createdAt: now + index,
    }));
    const repository = rest.dataSource.getRepository(WebhookDelivery);
    for (let at = 0; at < count; at += 700) await repository.insert(rows.slice(at, at + 700));
  }
});
