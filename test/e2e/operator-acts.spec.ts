import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorApp, type OperatorApp } from '../support/operator-app.js';

let t: OperatorApp;

beforeEach(async () => {
  t = await operatorApp();
});
afterEach(() => t.stop());

describe('The routes of pauses', () => {
  it('pause, tell what is paused, and end it', async () => {
    const paused = await t.operator.post('/pauses', { scope: 'tenant', tenant: 'acme', reason: 'Load' });
    expect(paused).toMatchObject({
      status: 200,
      body: { scope: 'tenant', tenant: 'acme', endpointId: null, reason: 'Load' },
    });
    expect((await t.operator.get('/pauses')).body).toEqual({ data: [paused.body] });

    const { id } = paused.body as { id: string };
    expect((await t.operator.delete(`/pauses/${id}`)).status).toBe(204);
    expect((await t.operator.delete(`/pauses/${id}`)).status).toBe(204);
    expect((await t.operator.get('/pauses')).body).toEqual({ data: [] });
  });

  it.each([
    [{}, 400, 'webhooks/invalid-input'],
    [{ scope: 'tenant' }, 400, 'webhooks/invalid-input'],
    [{ scope: 'all', until: 1 }, 400, 'webhooks/invalid-input'],
    [{ scope: 'endpoint', endpointId: `ep_${'0'.repeat(32)}` }, 404, 'webhooks/not-found'],
  ])('refuse %j', async (body, status, code) => {
    expect(await t.operator.post('/pauses', body)).toMatchObject({ status, body: { code } });
  });

  it('take no id that can not be', async () => {
    expect(await t.operator.delete('/pauses/1')).toMatchObject({ status: 404 });
  });
});

describe('The routes of jobs', () => {
  const JOB = { kind: 'resend', filter: { tenant: 'acme', from: '2026-01-01' }, perSecond: 5 };

  it('preview, start, list, show and stop', async () => {
    expect(await t.operator.post('/jobs/preview', JOB)).toMatchObject({
      status: 200,
      body: { total: 0, isMore: false },
    });
    const started = await t.operator.post('/jobs', JOB);
    const { id } = started.body as { id: string };
    expect(started).toMatchObject({
      status: 201,
      body: {
        kind: 'resend',
        total: 0,
        done: 0,
        request: { filter: { tenant: 'acme', from: Date.parse('2026-01-01') }, perSecond: 5 },
      },
    });
    expect(await t.operator.post(`/jobs/${id}/stop`)).toMatchObject({ status: 200, body: { id } });
    expect(await t.operator.get(`/jobs/${id}`)).toMatchObject({ status: 200, body: { id } });
    expect((await t.operator.get('/jobs?limit=1')).body).toMatchObject({ data: [{ id }], nextCursor: null });
  });

  it.each([
    [{}, 400],
    [{ kind: 'erase' }, 400],
    [{ kind: 'resend', filter: { from: 'never' } }, 400],
    [{ kind: 'move', filter: { endpointId: `ep_${'0'.repeat(32)}` }, to: `ep_${'1'.repeat(32)}` }, 404],
  ])('refuse %j', async (body, status) => {
    expect(await t.operator.post('/jobs', body)).toMatchObject({ status });
    expect(await t.operator.post('/jobs/preview', body)).toMatchObject({ status });
  });

  it('know no job that is not there', async () => {
    const path = `/jobs/job_${'0'.repeat(32)}`;
    expect((await t.operator.get(path)).status).toBe(404);
    expect((await t.operator.post(`${path}/stop`)).status).toBe(404);
  });
});

describe('The routes of settings', () => {
  it('show, set and reset those of a tenant', async () => {
    const path = '/settings?tenant=acme%20%26%20co';
    expect(await t.operator.put(path, { retention: '90d', endpoints: 7 })).toMatchObject({
      status: 200,
      body: { tenant: 'acme & co', set: { retention: 90 * 24 * 3_600_000, endpoints: 7 } },
    });
    expect((await t.operator.get(path)).body).toMatchObject({ effective: { endpoints: 7 } });
    expect((await t.operator.delete(path)).body).toMatchObject({ set: { endpoints: null } });
  });

  it('refuse what is no tenant, or no setting', async () => {
    expect((await t.operator.get('/settings')).status).toBe(400);
    expect((await t.operator.put('/settings?tenant=acme', { endpoints: -1 })).status).toBe(400);
    expect((await t.operator.put('/settings?tenant=acme', { colour: 'red' })).status).toBe(400);
  });
});

describe('An endpoint that operators disable', () => {
  const create = async (): Promise<string> =>
    (await t.as('acme').post('/', { name: 'Theirs', url: `${t.receiver.url}/hook`, events: ['*'] })).body
      .id as string;

  it('is off with a reason that its owner sees, and on again by either', async () => {
    const id = await create();
    const reason = 'Your server loops: each event makes another one.';
    const disabled = await t.operator.post(`/endpoints/${id}/disable`, { reason });
    expect(disabled).toMatchObject({ status: 200, body: { id, active: false } });
    const seen = await t.as('acme').get(`/${id}`);
    expect(seen.body).toMatchObject({
      active: false,
      disabledReason: 'operator',
      disabledNote: reason,
    });
    // The same again changes nothing, another reason does.
    await t.operator.post(`/endpoints/${id}/disable`, { reason });
    expect((await t.as('acme').get(`/${id}`)).body).toEqual(seen.body);
    await t.operator.post(`/endpoints/${id}/disable`, { reason: 'Another' });
    expect((await t.as('acme').get(`/${id}`)).body).toMatchObject({ disabledNote: 'Another' });

    expect((await t.operator.post(`/endpoints/${id}/enable`)).body).toMatchObject({ active: true });
    const on = { active: true, disabledReason: null, disabledNote: null, disabledAt: null };
    expect((await t.as('acme').get(`/${id}`)).body).toMatchObject(on);
    await t.operator.post(`/endpoints/${id}/disable`, { reason });
    expect((await t.as('acme').patch(`/${id}`, { active: true })).body).toMatchObject(on);
  });

  it('needs a reason', async () => {
    const id = await create();
    for (const body of [{}, { reason: '' }, { reason: '   ' }, { reason: 'x'.repeat(501) }])
      expect((await t.operator.post(`/endpoints/${id}/disable`, body)).status).toBe(400);
    const nobody = `/endpoints/ep_${'0'.repeat(32)}`;
    expect((await t.operator.post(`${nobody}/disable`, { reason: 'x' })).status).toBe(404);
    expect((await t.operator.post(`${nobody}/enable`)).status).toBe(404);
  });
});

describe("Operators' acts", () => {
  it('are recorded once each, with who did them', async () => {
    const { body: endpoint } = await t
      .as('acme')
      .post('/', { name: 'Theirs', url: `${t.receiver.url}/hook`, events: ['*'] });
    const { body: pause } = await t.operator.post('/pauses', { scope: 'endpoint', endpointId: endpoint.id });
    await t.operator.post('/pauses', { scope: 'endpoint', endpointId: endpoint.id });
    await t.operator.delete(`/pauses/${pause.id}`);
    await t.operator.delete(`/pauses/${pause.id}`);
    const { body: job } = await t.operator.post('/jobs', { kind: 'resend', filter: { tenant: 'acme' } });
    // It may have ended by itself.
    const { body: stopped } = await t.operator.post(`/jobs/${job.id}/stop`);
    await t.operator.put('/settings?tenant=acme', { endpoints: 9 });
    await t.operator.delete('/settings?tenant=acme');
    await t.operator.delete('/settings?tenant=acme');
    await t.operator.post(`/endpoints/${endpoint.id}/disable`, { reason: 'No' });
    await t.operator.post(`/endpoints/${endpoint.id}/disable`, { reason: 'No' });
    await t.operator.post(`/endpoints/${endpoint.id}/enable`);
    const rows: Record<string, string>[] = await t.app
      .get(DataSource)
      .query(`SELECT act, actor FROM webhook_audit WHERE actor_kind = 'operator' ORDER BY id`);
    expect(rows.map(({ act, actor }) => `${act} ${actor}`)).toEqual([
      'pause.created ada',
      'pause.ended ada',
      'job.started ada',
      ...(stopped.status === 'done' ? [] : ['job.stopped ada']),
      'tenant.settings-changed ada',
      'tenant.settings-changed ada',
      'endpoint.disabled ada',
      'endpoint.enabled ada',
    ]);
    expect(pause).toMatchObject({ actor: 'ada' });
    expect(job).toMatchObject({ actor: 'ada' });
  });

  it("resend one delivery, without the tenant's limit, and customers see that an operator did", async () => {
    const { body: endpoint } = await t
      .as('acme')
      .post('/', { name: 'Theirs', url: `${t.receiver.url}/hook`, events: ['*'] });
    await t.operator.put('/settings?tenant=acme', { resendsPerMinute: 1 });
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.settled();
    const { body: log } = await t.operator.get('/deliveries?tenant=acme');
    const { id } = log.data[0];
    for (let times = 0; times < 3; times++) {
      expect(await t.operator.post(`/deliveries/${id}/resend`)).toMatchObject({
        status: 200,
        body: { id, tenant: 'acme', status: 'pending' },
      });
      await t.settled();
    }
    expect(t.receiver.arrivals).toHaveLength(4);
    const { body: seen } = await t.as('acme').get('/audit?act=delivery.resent');
    const byOperator = { kind: 'operator', id: null };
    expect(seen.data.map(({ actor }: { actor: object }) => actor)).toEqual([
      byOperator,
      byOperator,
      byOperator,
    ]);
    expect((await t.operator.post(`/deliveries/dlv_${'0'.repeat(32)}/resend`)).status).toBe(404);
    await t.operator.post(`/endpoints/${endpoint.id}/disable`, { reason: 'No' });
    expect(await t.operator.post(`/deliveries/${id}/resend`)).toMatchObject({
      status: 409,
      body: { code: 'webhooks/endpoint-inactive' },
    });
  });
});
