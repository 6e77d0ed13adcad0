import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookAttempt } from 'nestjs-webhooks';
import { newId } from '../../lib/domain/id.js';
import { latencyBin } from '../../lib/domain/latency.js';
import { restApp, wrongFields, type RestAnswer, type RestApp } from '../support/rest-app.js';

const HOUR = 3_600_000;

describe.each(['sqlite', 'postgres', 'mysql'] as const)('The statistics on %s', (database) => {
  let rest: RestApp;
  let tenants = 0;
  let tenant: string;
  let as: ReturnType<RestApp['as']>;
  let endpointId: string;
  /** The full hour at which the tests stand. */
  let now: number;

  beforeAll(async () => {
    rest = await restApp({ database });
    now = rest.clock.now();
  });
  afterAll(() => rest.stop());
  beforeEach(async () => {
    tenant = `tenant-${++tenants}`;
    as = rest.as(tenant);
    endpointId = await rest.endpoint(tenant);
  });

  /** As if another worker had counted each lot. */
  let writers = 0;
  const attempts = async (
    count: number,
    { startedAt = now - 1, durationMs = 40, ...row }: Partial<WebhookAttempt>,
  ): Promise<void> => {
    await rest.dataSource.getRepository('WebhookStat').insert({
      endpointId,
      hour: startedAt - (startedAt % HOUR),
      outcome: 'succeeded',
      bin: latencyBin(durationMs),
      writer: ++writers,
      tenant,
      attempts: count,
      ...row,
    });
  };

  it('counts attempts by outcome in the buckets of the last day', async () => {
    await attempts(3, { startedAt: now - 1 });
    await attempts(2, { startedAt: now - HOUR, outcome: 'retrying' });
    await attempts(1, { startedAt: now - HOUR - 1, outcome: 'failed' });
    await attempts(5, { startedAt: now - 24 * HOUR - 1 });
    await attempts(5, { startedAt: now });

    const { status, body } = await as.get(`/${endpointId}/stats`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      since: new Date(now - 24 * HOUR).toISOString(),
      until: new Date(now).toISOString(),
      bucketMs: HOUR,
      total: { succeeded: 3, retrying: 2, failed: 1 },
    });
    expect(body.buckets).toHaveLength(24);
    expect(body.buckets.slice(-2)).toMatchObject([
      { startAt: new Date(now - 2 * HOUR).toISOString(), succeeded: 0, retrying: 0, failed: 1 },
      {
        startAt: new Date(now - HOUR).toISOString(),
        succeeded: 3,
        retrying: 2,
        failed: 0,
        p50Ms: expect.any(Number),
      },
    ]);
    expect(body.buckets[0]).toMatchObject({ succeeded: 0, p50Ms: null, p95Ms: null });
  });

  it('estimates the latencies that a half and 95 % of the attempts stay below', async () => {
    await attempts(90, { durationMs: 40 });
    await attempts(10, { durationMs: 900 });

    const { total } = (await as.get(`/${endpointId}/stats`)).body;

    expect(total.p50Ms).toBeGreaterThan(30);
    expect(total.p50Ms).toBeLessThanOrEqual(50);
    expect(total.p95Ms).toBeGreaterThan(700);
    expect(total.p95Ms).toBeLessThanOrEqual(1_000);
  });

  it('adds up all endpoints of the tenant, deleted ones too, and nobody else’s', async () => {
    await attempts(2, {});
    await attempts(1, { endpointId: newId('ep', now) });
    await attempts(4, { tenant: tenant.toUpperCase() });

    expect((await as.get('/stats')).body.total.succeeded).toBe(3);
    expect((await as.get(`/${endpointId}/stats`)).body.total.succeeded).toBe(2);
  });

  it('takes a span and a length of bucket', async () => {
    await attempts(1, { startedAt: now - 3 * HOUR });

    const { body } = await as.get(`/stats?since=${now - 4 * HOUR}&until=${now}&bucket=2h`);

    expect(body.bucketMs).toBe(2 * HOUR);
    expect(body.buckets.map((bucket: { succeeded: number }) => bucket.succeeded)).toEqual([1, 0]);
  });

  it('widens a span to whole hours, and says so', async () => {
    await attempts(1, { startedAt: now - 2 * HOUR - 1 });
    await attempts(2, { startedAt: now - 2 * HOUR });
    await attempts(3, { startedAt: now - 1 });
    await attempts(4, { startedAt: now });

    const { body } = await as.get(`/stats?since=${now - HOUR - 1}&until=${now - HOUR + 1}`);

    expect(body).toMatchObject({
      since: new Date(now - 2 * HOUR).toISOString(),
      until: new Date(now).toISOString(),
      total: { succeeded: 5 },
      buckets: [{ succeeded: 2 }, { succeeded: 3 }],
    });
  });

  it('begins buckets at whole multiples of their length, the first one before a span that does not', async () => {
    await attempts(1, { startedAt: now - 2 * HOUR });
    await attempts(1, { startedAt: now - HOUR });

    const { body } = await as.get(`/stats?since=${now - HOUR}&until=${now}&bucket=1d`);

    const startAt = new Date(now - 24 * HOUR).toISOString();
    expect(body.buckets).toMatchObject([{ startAt, succeeded: 1 }]);
  });

  it('says what is wrong with a bucket of another length, and what to give', async () => {
    const { body } = await as.get('/stats?bucket=90m');

    expect(body.details).toEqual([
      {
        field: 'bucket',
        message: 'bucket must be a whole number of hours, such as 1h or 1d, got 5400000 ms.',
        code: 'not-whole-hours',
        params: {},
      },
    ]);
  });

  describe('GET /stats/endpoints', () => {
    const ofEndpoints = async (ids: string[], query = ''): Promise<RestAnswer> =>
      as.get(`/stats/endpoints?ids=${ids.join(',')}${query}`);
    const someIds = (count: number): string[] => Array.from({ length: count }, () => newId('ep', now));

    it('counts each endpoint by itself, once and in the order asked, as its own route does', async () => {
      const other = await rest.endpoint(tenant);
      const idle = await rest.endpoint(tenant);
      await attempts(3, { startedAt: now - HOUR, durationMs: 900 });
      await attempts(2, { endpointId: other, outcome: 'failed' });
      await attempts(1, { endpointId: other, outcome: 'retrying', startedAt: now - 24 * HOUR - 1 });
      await attempts(5, { endpointId: newId('ep', now) });

      const { status, body } = await ofEndpoints([other, idle, endpointId, other]);

      expect(status).toBe(200);
      const { since, until, bucketMs } = (await as.get('/stats')).body;
      const expected = await Promise.all(
        [other, idle, endpointId].map(async (id) => {
          const { total, buckets } = (await as.get(`/${id}/stats`)).body;
          return { endpointId: id, total, buckets };
        }),
      );
      expect(body).toEqual({ since, until, bucketMs, data: expected });
      expect(body.data.map(({ total }: { total: object }) => total)).toMatchObject([
        { succeeded: 0, retrying: 0, failed: 2 },
        { succeeded: 0, retrying: 0, failed: 0, p50Ms: null, p95Ms: null },
        { succeeded: 3, retrying: 0, failed: 0 },
      ]);
      expect(body.data[1].buckets).toHaveLength(24);
    });

    it('gives zeros for an endpoint of another tenant', async () => {
      await attempts(4, { tenant: tenant.toUpperCase() });
      await attempts(1, {});

      expect((await ofEndpoints([endpointId])).body.data).toMatchObject([{ total: { succeeded: 1 } }]);
    });

    it('asks the database once, for however many endpoints', async () => {
      const statements = await rest.statementsOf(() => ofEndpoints(someIds(20)));

      expect(statements).toEqual([expect.stringContaining('webhook_stats')]);
    });

    it('takes 250 ids and 50000 buckets of all endpoints together, and no more', async () => {
      const days = (ids: number, buckets: number): Promise<RestAnswer> =>
        ofEndpoints(someIds(ids), `&since=${now - buckets * HOUR}&until=${now}`);

      expect((await days(250, 1)).body.data).toHaveLength(250);
      expect(wrongFields(await days(251, 1))).toEqual(['ids']);
      expect((await days(50, 1_000)).status).toBe(200);
      expect((await days(51, 980)).status).toBe(200);
      const refused = await days(51, 981);
      expect([refused.status, wrongFields(refused)]).toEqual([400, ['bucket']]);
    });

    it.each([
      ['no ids', ''],
      ['an empty list of ids', 'ids='],
      ['an id of another kind', `ids=dlv_${'0'.repeat(32)}`],
      ['an id that is too long', `ids=ep_${'0'.repeat(33)}`],
      ['nothing after a comma', `ids=ep_${'0'.repeat(32)},`],
      ['ids that are given twice', `ids=ep_${'0'.repeat(32)}&ids=ep_${'0'.repeat(32)}`],
    ])('refuses %s', async (_, query) => {
      const refused = await as.get(`/stats/endpoints?${query}`);

      expect([refused.status, wrongFields(refused)]).toEqual([400, ['ids']]);
    });
  });

  it.each([
    ['since', 'since=2026-01-01&until=2026-01-01'],
    ['since', 'since=2999-01-01'],
    ['bucket', 'bucket=59m'],
    ['bucket', 'bucket=61m'],
    ['bucket', 'bucket=0'],
    ['bucket', 'bucket=hour'],
    ['bucket', 'since=0'],
    ['limit', 'limit=5'],
  ])('refuses a wrong %s: %s', async (field, query) => {
    for (const path of ['/stats?', `/${endpointId}/stats?`, `/stats/endpoints?ids=${endpointId}&`]) {
      const refused = await as.get(path + query);
      expect(refused.status).toBe(400);
      expect(refused.body.details[0].field).toBe(field);
    }
  });
});
