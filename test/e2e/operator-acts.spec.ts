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
