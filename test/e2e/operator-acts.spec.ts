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
