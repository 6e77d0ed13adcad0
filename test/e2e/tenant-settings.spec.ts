import { WebhooksOperator } from 'nestjs-webhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RetentionService } from '../../lib/dispatch/retention.service.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const DAY_MS = 24 * 3_600_000;

let t: SendingApp;

afterEach(() => t.stop());

const settings = (): WebhooksOperator['settings'] => t.app.get(WebhooksOperator).settings;
const prune = (): Promise<{ deliveries: number; events: number }> => t.app.get(RetentionService).runOnce();
const logged = async (tenant: string): Promise<number> =>
  (await t.webhooks.deliveries.list({ tenant }, { limit: 10 })).data.length;

describe.each(STACKS_BY_QUEUE)('The retention of a tenant, on $name', (stack) => {
  it.each([
    ['30d', [1, 0, 1]],
    [false, [1, 0, 1]],
  ] as const)('replaces the option: %s for acme, two days for globex', async (retention, left) => {
    t = await sendingApp({ ...stack, webhooks: { retention } });
    for (const tenant of ['acme', 'globex', 'initech']) {
      await t.endpoint({ tenant });
      await t.webhooks.emit('post.published', {}, { tenant });
    }
    await t.settled();
    await settings().set('acme', { retention: false });
    await settings().set('globex', { retention: '2d' });
    await t.after(10 * DAY_MS);
    expect(await prune()).toEqual({ deliveries: 1, events: 1 });
    expect(await Promise.all(['acme', 'globex', 'initech'].map(logged))).toEqual(left);
    const attempts = async (tenant: string): Promise<unknown> =>
      t.dataSource.query(`SELECT 1 AS one FROM webhook_stats WHERE tenant = '${tenant}'`);
    expect(await attempts('globex')).toEqual([]);
    expect(await attempts('acme')).toHaveLength(1);

    await t.after(40 * DAY_MS);
    await prune();
    expect([await logged('acme'), await logged('initech')]).toEqual([1, retention === false ? 1 : 0]);
    await settings().reset('acme');
    await prune();
    expect(await logged('acme')).toBe(retention === false ? 1 : 0);
  });
});

it('Pruning ends although a tenant that keeps everything has more events in an hour than a batch', async () => {
  t = await sendingApp({ webhooks: { retention: '1d' } });
  await settings().set('acme', { retention: false });
  const hour = t.clock.now() - (t.clock.now() % 3_600_000);
  for (const [tenant, endpoints] of [
    ['acme', 600],
    ['globex', 600],
  ] as const) {
    for (let n = 0; n < endpoints; n++)
      await t.dataSource.query(
        `INSERT INTO webhook_stats (endpoint_id, hour, outcome, bin, writer, tenant, attempts)
          VALUES ('ep_${tenant}_${n}', ${hour}, 'succeeded', 1, 1, '${tenant}', 1)`,
      );
  }
  t.clock.advance(10 * DAY_MS);
  await prune();
  expect(
    await t.dataSource.query('SELECT tenant, COUNT(*) AS rows FROM webhook_stats GROUP BY tenant'),
  ).toEqual([{ tenant: 'acme', rows: 600 }]);
});

describe('The settings of a tenant', () => {
  beforeEach(async () => {
    t = await sendingApp({
      webhooks: { limits: { endpointsPerTenant: 1, testsPerMinute: 1, resendsPerMinute: 1 } },
    });
  });

  it.each([undefined, null, 42, ' acme'])('are those of nobody for the tenant %j', async (none) => {
    await settings().set('acme', { endpoints: 5 });
    const refused = { code: 'webhooks/invalid-input', details: [{ field: 'tenant' }] };
    const tenant = none as string;
    await expect(settings().get(tenant)).rejects.toMatchObject(refused);
    await expect(settings().set(tenant, { endpoints: 1 })).rejects.toMatchObject(refused);
    await expect(settings().reset(tenant)).rejects.toMatchObject(refused);
    const { pauses } = t.app.get(WebhooksOperator);
    await expect(pauses.pause({ scope: 'tenant', tenant })).rejects.toMatchObject(refused);
    expect(await settings().get('acme')).toMatchObject({ set: { endpoints: 5 } });
    expect(await pauses.list()).toEqual({ data: [] });
  });

  it('are shown with the values in force', async () => {
    expect(await settings().get('acme')).toEqual({
      tenant: 'acme',
      set: { retention: null, endpoints: null, testsPerMinute: null, resendsPerMinute: null },
      effective: { retentionMs: 30 * DAY_MS, endpoints: 1, testsPerMinute: 1, resendsPerMinute: 1 },
      defaults: { retentionMs: 30 * DAY_MS, endpoints: 1, testsPerMinute: 1, resendsPerMinute: 1 },
      updatedAt: null,
    });
    expect(await settings().set('acme', { retention: false, endpoints: 5 })).toMatchObject({
      set: { retention: false, endpoints: 5, testsPerMinute: null },
      effective: { retentionMs: null, endpoints: 5, testsPerMinute: 1, resendsPerMinute: 1 },
      updatedAt: new Date(t.clock.now()).toISOString(),
    });
    expect(await settings().set('acme', { testsPerMinute: 2 })).toMatchObject({
      set: { retention: null, endpoints: null, testsPerMinute: 2 },
    });
    expect(await settings().reset('acme')).toMatchObject({ updatedAt: null });
    expect(await t.webhooks.settings.of('acme')).toMatchObject({ retentionMs: 30 * DAY_MS });
  });

  it('replace the limits, for the tenant alone', async () => {
    await settings().set('acme', { endpoints: 2, testsPerMinute: 2, resendsPerMinute: 2 });
    const quota = { code: 'webhooks/endpoint-quota' };
    const { id } = await t.endpoint();
    await t.endpoint();
    await expect(t.endpoint()).rejects.toMatchObject(quota);
    const { id: other } = await t.endpoint({ tenant: 'globex' });
    await expect(t.endpoint({ tenant: 'globex' })).rejects.toMatchObject(quota);

    const refused = { code: 'webhooks/too-many-requests' };
    const test = (tenant: string, endpointId: string): Promise<unknown> =>
      t.webhooks.deliveries.test(tenant, endpointId, 'post.published');
    await test('acme', id);
    await test('acme', id);
    await expect(test('acme', id)).rejects.toMatchObject(refused);
    await test('globex', other);
    await expect(test('globex', other)).rejects.toMatchObject(refused);

    const recover = (tenant: string, endpointId: string): Promise<unknown> =>
      t.webhooks.deliveries.recover(tenant, endpointId, t.clock.now() - 1);
    await recover('acme', id);
    await recover('acme', id);
    await expect(recover('acme', id)).rejects.toMatchObject(refused);
    await recover('globex', other);
    await expect(recover('globex', other)).rejects.toMatchObject(refused);
  });

  it.each([
    [{ retention: '5m' }, 'retention must be a duration of an hour or more'],
    [{ retention: 'long' }, 'retention must be a duration of an hour or more'],
    [{ endpoints: 0 }, 'endpoints must be a whole number from 1 to 1000000, got 0'],
    [{ testsPerMinute: 1.5 }, 'testsPerMinute must be a whole number'],
    [{ rateLimit: 5 }, "rateLimit can't be set. There are retention, endpoints"],
  ])('refuse %j', async (input, problem) => {
    await expect(settings().set('acme', input as never)).rejects.toThrow(problem);
    expect(await settings().get('acme')).toMatchObject({ updatedAt: null });
  });
});
