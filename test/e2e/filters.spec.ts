import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebhookDelivery, WebhookEndpoint } from 'nestjs-webhooks';
import { storeBacklog } from '../support/backlog.js';
import { daily } from '../support/daily.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const DATABASES = daily(['sqlite', 'postgres'], 'mysql', 'mariadb');

type Filter = NonNullable<Parameters<SendingApp['webhooks']['endpoints']['previewFilter']>[1]['filter']>;

const INSTAGRAM: Filter = { field: 'data.platform', equals: 'instagram' };
const LARGE: Filter = { field: 'data.total', gte: 100 };

describe.each(DATABASES)('A filter on %s', (database) => {
  let t: SendingApp;
  let tests = 0;
  let tenant: string;
  beforeAll(async () => {
    t = await sendingApp({ database });
  });
  afterAll(() => t.stop());
  beforeEach(async () => {
    await t.settled();
    tenant = `tenant-${++tests}`;
    t.receiver.arrivals.length = 0;
    t.receiver.answer = 200;
  });

  const post = (platform: string, more: object = {}): ReturnType<SendingApp['webhooks']['emit']> =>
    t.webhooks.emit('post.published', { platform, ...more }, { tenant });
  const received = (): unknown[] =>
    t.receiver.arrivals.map(({ body }) => (JSON.parse(body) as { data: { platform: string } }).data.platform);

  it('keeps out what it does not want: no request, no row; the others get it', async () => {
    const filtered = await t.endpoint({ tenant, filter: INSTAGRAM });
    const plain = await t.endpoint({ tenant });
    await t.endpoint({ tenant: 'other', filter: INSTAGRAM });
    const { id: kept } = await post('facebook');
    const { id: sent } = await post('instagram');
    await t.settled();
    expect(received().sort()).toEqual(['facebook', 'instagram', 'instagram']);
    const rows = await t.dataSource.getRepository(WebhookDelivery).findBy({ tenant });
    expect(rows.map(({ eventId, endpointId }) => `${eventId} ${endpointId}`).sort()).toEqual(
      [`${kept} ${plain.id}`, `${sent} ${filtered.id}`, `${sent} ${plain.id}`].sort(),
    );
  });

  it('judges each event of many at once, of several tenants', async () => {
    const tenants = Array.from({ length: 5 }, (_, n) => `${tenant}-${n}`);
    for (const one of tenants) {
      await t.endpoint({ tenant: one, filter: { all: [INSTAGRAM, LARGE] } });
      await t.endpoint({ tenant: one, filter: { not: INSTAGRAM } });
    }
    const emits = Array.from({ length: 300 }, (_, n) => ({
      of: tenants[n % 5]!,
      data: { platform: n % 2 === 0 ? 'instagram' : 'facebook', total: n },
    }));
    await Promise.all(emits.map(({ data, of }) => t.webhooks.emit('post.published', data, { tenant: of })));
    await t.settled();
    const wanted = emits.filter(({ data }) => data.platform === 'facebook' || data.total >= 100);
    expect(t.receiver.arrivals).toHaveLength(wanted.length);
  });

  it('that would search more of an event than its tenant’s filters may, together, lets it through each time', async () => {
    const kept = 16;
    for (let index = 0; index < kept + 4; index++)
      await t.endpoint({ tenant, filter: { field: 'data.text', contains: `${index}b` } });
    const { id } = await post('', { text: 'a'.repeat(250_000) });
    await t.settled();
    expect(received()).toHaveLength(4);
    expect((await t.webhooks.events.get(tenant, id)).filtered).toHaveLength(kept);
  });

  it('counts from the moment that it is saved, changed or removed, whatever was emitted before', async () => {
    const { id } = await t.endpoint({ tenant });
    const change = async (filter: Filter | null): Promise<void> => {
      await t.webhooks.endpoints.update(tenant, id, { filter });
      t.receiver.arrivals.length = 0;
      await post('instagram');
      await post('facebook');
      await t.settled();
    };
    await change(INSTAGRAM);
    expect(received()).toEqual(['instagram']);
    await change({ not: INSTAGRAM });
    expect(received()).toEqual(['facebook']);
    await change(INSTAGRAM);
    expect(received()).toEqual(['instagram']);
    await change(null);
    expect(received().sort()).toEqual(['facebook', 'instagram']);
  });

  it('holds in a transaction of the app, and for an event with an idempotency key', async () => {
    await t.endpoint({ tenant, filter: INSTAGRAM });
    const emit = (platform: string, options: object): Promise<unknown> =>
      t.webhooks.emit('post.published', { platform }, { tenant, ...options });
    await t.dataSource.transaction(async (manager) => {
      await emit('facebook', { manager, idempotencyKey: 'a' });
      await emit('instagram', { manager, idempotencyKey: 'b' });
    });
    await emit('instagram', { idempotencyKey: 'a' });
    await emit('instagram', { idempotencyKey: 'c' });
    await t.settled();
    expect(received()).toEqual(['instagram', 'instagram']);
  });

  it('keeps nothing out where its row holds none that we know', async () => {
    const { id } = await t.endpoint({ tenant, filter: INSTAGRAM });
    for (const stored of ['{"field":"data.platform","matches":".*"}', 'null', '{']) {
      await t.dataSource
        .getRepository(WebhookEndpoint)
        .query(`UPDATE webhook_endpoints SET filter = '${stored}' WHERE id = '${id}'`);
      await post('facebook');
    }
    await t.settled();
    expect(received()).toHaveLength(3);
  });

  it('is tried again for an event: why it did not come', async () => {
    const filter: Filter = { all: [{ field: 'event_type', equals: 'post.published' }, INSTAGRAM] };
    const { id } = await t.endpoint({ tenant, filter });
    const changed = await t.endpoint({ tenant, filter: LARGE });
    await t.endpoint({ tenant, events: ['follower.*'], filter: INSTAGRAM });
    await t.endpoint({ tenant, filter: { not: INSTAGRAM } });
    await t.endpoint({ tenant });
    await t.endpoint({ tenant: 'other', filter });
    t.clock.advance('1m');
    const event = await post('facebook');
    await t.settled();
    t.clock.advance('1m');
    await t.endpoint({ tenant, filter });
    await t.webhooks.endpoints.update(tenant, changed.id, { name: 'Renamed' });
    const { filtered, deliveries } = await t.webhooks.events.get(tenant, event.id);
    expect(deliveries).toHaveLength(2);
    expect(filtered).toEqual([
      { endpointId: changed.id, condition: LARGE, changedSince: true },
      { endpointId: id, condition: INSTAGRAM, changedSince: false },
    ]);
    const sent = await post('instagram', { total: 100 });
    const ids = (await t.webhooks.events.get(tenant, sent.id)).filtered.map(({ endpointId }) => endpointId);
    expect(ids).toHaveLength(1);
    expect([id, changed.id]).not.toContain(ids[0]);
  });

  it('is respected by a resend; a test is sent all the same', async () => {
    const { id } = await t.endpoint({ tenant });
    t.receiver.answer = 410;
    await post('facebook');
    await t.settled();
    t.receiver.answer = 200;
    await t.webhooks.endpoints.update(tenant, id, { active: true, filter: INSTAGRAM });
    const { data } = await t.webhooks.deliveries.list({ tenant }, { limit: 1 });
    await expect(t.webhooks.deliveries.retry(tenant, data[0]!.id)).rejects.toMatchObject({
      code: 'webhooks/event-filtered',
      message: expect.stringContaining(
        `${JSON.stringify(INSTAGRAM)} does not hold. Change the filter or remove it`,
      ),
    });
    const { resent, refused } = await t.webhooks.deliveries.retryAll(tenant, [data[0]!.id]);
    expect([resent, refused.map(({ code }) => code)]).toEqual([[], ['webhooks/event-filtered']]);
    expect(t.receiver.arrivals).toHaveLength(1);
    await t.webhooks.deliveries.test(tenant, id, 'post.published');
    expect(t.receiver.arrivals).toHaveLength(2);
  });

  it('is respected by a recovery, of what failed and of what was never made, which its preview counts', async () => {
    const { id } = await t.endpoint({ tenant, events: ['post.*'] });
    const since = t.clock.now();
    t.receiver.answer = 410;
    await post('instagram');
    await t.settled();
    await t.webhooks.endpoints.update(tenant, id, { active: true });
    await post('facebook');
    await t.settled();
    for (const platform of ['instagram', 'facebook', 'facebook']) await post(platform);
    await t.webhooks.emit('follower.gained', { platform: 'instagram' }, { tenant });
    t.receiver.answer = 200;
    t.receiver.arrivals.length = 0;
    t.clock.advance('1m');
    await t.webhooks.endpoints.update(tenant, id, { active: true, filter: INSTAGRAM });
    expect(await t.webhooks.deliveries.previewRecovery(tenant, id, since)).toEqual({
      toResend: 1,
      failed: 1,
      canceled: 0,
      toCreate: 1,
      waiting: 0,
      retrying: 0,
      exact: true,
    });
    expect(await t.webhooks.deliveries.recover(tenant, id, since)).toEqual({ resent: 1, created: 1 });
    await t.after(0);
    expect(received()).toEqual(['instagram', 'instagram']);
    expect(await t.webhooks.deliveries.recover(tenant, id, since)).toEqual({ resent: 0, created: 0 });
  });
});

describe.each(DATABASES)('The recovery of 6,000 through a filter on %s', (database) => {
  let t: SendingApp;
  afterEach(() => t.stop());

  it('goes from batch to batch, is paced, and tells that its preview is an upper bound', async () => {
    t = await sendingApp({ database, webhooks: { worker: false } });
    const { id } = await t.endpoint({ filter: { not: { field: 'event_type', equals: 'x.y' } } });
    const at = t.clock.now();
    const backlog = { endpointId: id, tenant: 'acme', count: 6_000, at } as const;
    await storeBacklog(t.dataSource, { ...backlog, as: 'failed' });
    await storeBacklog(t.dataSource, { ...backlog, as: 'missed' });
    const body = JSON.stringify({ event_type: 'post.published', data: { platform: 'facebook' } });
    await t.dataSource.query(
      `UPDATE webhook_events SET body = '${body}' WHERE id NOT IN (SELECT event_id FROM webhook_deliveries)`,
    );
    await t.webhooks.endpoints.update('acme', id, { filter: { field: 'data.platform', exists: true } });
    t.clock.advance('1m');
    expect(await t.webhooks.deliveries.previewRecovery('acme', id, at)).toMatchObject({
      toCreate: 6_000,
      exact: false,
    });
    expect(await t.webhooks.deliveries.recover('acme', id, at)).toEqual({ resent: 0, created: 6_000 });
    const rows = await t.dataSource.getRepository(WebhookDelivery).findBy({ status: 'pending' });
    const due = rows.map(({ nextAttemptAt }) => nextAttemptAt! - t.clock.now()).sort((a, b) => a - b);
    expect(due).toEqual(Array.from({ length: 6_000 }, (_, index) => Math.floor(index / 100) * 2_000));
  });
});
