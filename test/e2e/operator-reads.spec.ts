import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookWorkerRow } from '../../lib/persistence/webhook-worker.entity.js';
import { WebhookDelivery } from '../../lib/persistence/webhook-delivery.entity.js';
import { WebhookEndpoint } from '../../lib/persistence/webhook-endpoint.entity.js';
import { operatorApp, type OperatorApp } from '../support/operator-app.js';
import { STACKS_BY_DIALECT } from '../support/stacks.js';

const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

describe.each(STACKS_BY_DIALECT)("What operators see of all tenants' webhooks on $name", ({ database }) => {
  let t: OperatorApp;
  let start: number;
  /** By what they are like. */
  let ids: Record<'good' | 'failing' | 'away' | 'gone' | 'deferred', string>;
  const emit = async (tenant: string, type = 'post.published'): Promise<string> => {
    const { id } = await t.webhooks.emit(type, {}, { tenant });
    await t.settled();
    return id;
  };
  const get = async (path: string) => {
    const { status, body } = await t.operator.get(path);
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  const found = async (path: string): Promise<string[]> =>
    ((await get(path)).data as { id: string }[]).map(({ id }) => id);

  beforeAll(async () => {
    t = await operatorApp({ database });
    start = t.clock.now();
    ids = {
      good: await t.endpoint('acme', { name: 'Good' }),
      failing: await t.endpoint('globex', { name: 'Failing' }),
      away: await t.endpoint('initech', { name: 'Away', url: 'http://127.0.0.1:4/away' }),
      gone: await t.endpoint('umbrella', { name: 'Gone' }),
      deferred: await t.endpoint('hooli', { name: 'Deferred' }),
    };
    await emit('acme');
    t.receiver.nextAnswers.push(500);
    await emit('globex', 'post.created');
    await emit('initech');
    t.receiver.nextAnswers.push(410);
    await emit('umbrella');
    t.receiver.nextAnswers.push({ status: 503, headers: { 'retry-after': '1800' } });
    await emit('hooli');
  });
  afterAll(() => t.stop());

  it('says which endpoints are away, failing, disabled or deferred, and why', async () => {
    const { attention, isMoreAttention, workers, due } = await get('/overview');

    const told = (attention as { kind: string; tenant: string; text: string }[]).map(
      ({ kind, tenant, text }) => `${kind} ${tenant}: ${text}`,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^failing globex: Failing has failed every attempt since \S+: status 500\.$/),
        expect.stringMatching(/^away initech: Away has failed every attempt since \S+: connection\.$/),
        'disabled umbrella: Gone was disabled: gone.',
        `deferred hooli: Deferred has asked for a pause until ${iso(start + 30 * MINUTE)}.`,
      ]),
    );
    expect(isMoreAttention).toBe(false);
    expect(due).toEqual({ count: 0, isMore: false, oldestDueAt: null });
    expect(workers).toMatchObject([{ isAlive: true }]);
  });

  it('lists the endpoints of a state, over all tenants or of one, and pages through all', async () => {
    expect(await found('/endpoints?state=failing')).toEqual([ids.deferred, ids.away, ids.failing]);
    expect(await found('/endpoints?state=failing&tenant=globex')).toEqual([ids.failing]);
    expect(await found('/endpoints?state=disabled')).toEqual([ids.gone]);
    expect(await found('/endpoints?state=deferred')).toEqual([ids.deferred]);
    expect(await found('/endpoints?state=limited')).toEqual([]);
    expect(await found('/endpoints?tenant=acme')).toEqual([ids.good]);

    const first = await get('/endpoints?limit=3');
    expect(first.data.map(({ tenant, state }: { tenant: string; state: string }) => [tenant, state])).toEqual(
      [
        ['hooli', 'failing'],
        ['umbrella', 'disabled'],
        ['initech', 'failing'],
      ],
    );
    const second = await get(`/endpoints?limit=3&cursor=${first.nextCursor}`);
    expect(second.data.map(({ tenant }: { tenant: string }) => tenant)).toEqual(['globex', 'acme']);
    expect(second.nextCursor).toBe(null);
    expect(await get(`/endpoints/${ids.good}`)).toMatchObject({
      tenant: 'acme',
      state: 'active',
      paused: false,
    });
  });

  it('never shows a secret', async () => {
    const { secret } = await t.webhooks.endpoints.secret('acme', ids.good);
    for (const path of ['/endpoints', `/endpoints/${ids.good}`, '/search?q=acme', '/overview', '/tenants'])
      expect((await t.operator.get(path)).text).not.toContain(secret);
  });

  it('lists the tenants that have endpoints, a page at a time or by a part of the name', async () => {
    const first = await get('/tenants?limit=2');
    expect(first.data).toEqual([
      {
        tenant: 'acme',
        endpoints: 1,
        active: 1,
        failing: 0,
        disabled: 0,
        paused: false,
        due: { count: 0, isMore: false, oldestDueAt: null },
      },
      expect.objectContaining({ tenant: 'globex', failing: 1 }),
    ]);
    const second = await get(`/tenants?limit=3&cursor=${first.nextCursor}`);
    expect(second.data.map(({ tenant }: { tenant: string }) => tenant)).toEqual([
      'hooli',
      'initech',
      'umbrella',
    ]);
    expect(second.data[2]).toMatchObject({ endpoints: 1, active: 0, disabled: 1 });
    expect(second.nextCursor).toBe(null);
    expect((await get('/tenants?query=OBE')).data).toMatchObject([{ tenant: 'globex' }]);
    expect((await get('/tenants?query=%25')).data).toEqual([]);
    expect(await get('/tenant?tenant=nobody')).toMatchObject({ tenant: 'nobody', endpoints: 0 });
  });

  it('lists the deliveries and the events of all, or of one, by what they are like', async () => {
    const all = (await get('/deliveries')).data as { tenant: string; id: string; status: string }[];
    expect(all.map(({ tenant, status }) => [tenant, status])).toEqual([
      ['hooli', 'pending'],
      ['umbrella', 'failed'],
      ['initech', 'pending'],
      ['globex', 'pending'],
      ['acme', 'succeeded'],
    ]);
    const tenantsOf = async (path: string): Promise<string[]> =>
      ((await get(path)).data as { tenant: string }[]).map(({ tenant }) => tenant);
    expect(await tenantsOf('/deliveries?status=failed')).toEqual(['umbrella']);
    expect(await tenantsOf('/deliveries?status=pending&eventType=post.created')).toEqual(['globex']);
    expect(await tenantsOf(`/deliveries?endpointId=${ids.good}`)).toEqual(['acme']);
    expect(await tenantsOf('/deliveries?tenant=initech')).toEqual(['initech']);
    expect(await tenantsOf('/deliveries?statusCode=5xx')).toEqual(['hooli', 'globex']);
    expect(await tenantsOf(`/deliveries?search=${all[2]!.id}`)).toEqual(['initech']);
    expect(await tenantsOf(`/deliveries?until=${start}`)).toEqual([]);
    const { nextCursor } = await get('/deliveries?limit=2');
    expect(await tenantsOf(`/deliveries?limit=2&cursor=${nextCursor}`)).toEqual(['initech', 'globex']);

    expect(await tenantsOf('/events')).toEqual(['hooli', 'umbrella', 'initech', 'globex', 'acme']);
    expect(await tenantsOf('/events?eventType=post.created')).toEqual(['globex']);
    expect(await tenantsOf('/events?tenant=acme')).toEqual(['acme']);
    const [event] = (await get('/events?tenant=globex')).data;
    expect(event).toMatchObject({ tenant: 'globex', deliveryCounts: { pending: 1, succeeded: 0 } });
    expect(await get(`/events/${event.id}`)).toMatchObject({
      tenant: 'globex',
      deliveries: [{ endpointId: ids.failing }],
    });
    const absent = '0'.repeat(32);
    for (const path of [`/events/evt_${absent}`, `/deliveries/dlv_${absent}`, `/endpoints/ep_${absent}`])
      expect((await t.operator.get(path)).status).toBe(404);
  });

  it('finds by an id, a part of a URL, a name or a tenant', async () => {
    const [{ id: deliveryId, eventId }] = (await get('/deliveries?tenant=globex')).data;
    expect(await get(`/search?q=${eventId}`)).toEqual({
      data: [{ kind: 'event', id: eventId, tenant: 'globex', label: 'post.created' }],
      isWhole: true,
    });
    expect((await get(`/search?q=${deliveryId}%20`)).data).toEqual([
      { kind: 'delivery', id: deliveryId, tenant: 'globex', label: 'post.created, pending' },
    ]);
    expect((await get(`/search?q=${ids.good}`)).data).toMatchObject([{ kind: 'endpoint', tenant: 'acme' }]);
    expect((await get('/search?q=127.0.0.1:4/AWAY')).data).toMatchObject([
      { id: ids.away, tenant: 'initech' },
    ]);
    expect((await get('/search?q=umbrella')).data).toMatchObject([
      { kind: 'tenant', id: 'umbrella' },
      { kind: 'endpoint', id: ids.gone },
    ]);
    expect((await get(`/search?q=evt_${'0'.repeat(32)}`)).data).toEqual([]);
    expect((await t.operator.get('/search')).status).toBe(400);
    expect((await t.operator.get('/search?q=%20')).body.details).toMatchObject([{ field: 'q' }]);
  });

  describe('what a delivery waits for', () => {
    const waitingFor = async (id: string) => (await get(`/deliveries/${id}`)).waitingFor;
    const deliveryOf = async (tenant: string): Promise<string> =>
      (await found(`/deliveries?tenant=${tenant}&limit=1`))[0]!;
    const set = (id: string, change: Partial<WebhookDelivery>) =>
      t.dataSource.getRepository(WebhookDelivery).update({ id }, change);
    const setEndpoint = (id: string, change: Partial<WebhookEndpoint>) =>
      t.dataSource.getRepository(WebhookEndpoint).update({ id }, change);

    it('is nothing once it is final', async () => {
      expect(await waitingFor(await deliveryOf('acme'))).toBe(null);
      expect(await waitingFor(await deliveryOf('umbrella'))).toBe(null);
    });

    it('is its retry, or the time that its endpoint has asked for', async () => {
      expect(await waitingFor(await deliveryOf('globex'))).toEqual({
        code: 'retry',
        params: { attempt: 2, nextAttemptAt: iso(start + 5 * MINUTE) },
        text: `Waits for its retry, attempt 2, at ${iso(start + 5 * MINUTE)}.`,
        until: iso(start + 5 * MINUTE),
      });
      expect(await waitingFor(await deliveryOf('hooli'))).toEqual({
        code: 'endpoint-deferred',
        params: { deferredUntil: iso(start + 30 * MINUTE) },
        text: `Its endpoint has asked for a pause with Retry-After: nothing is sent to it before ${iso(start + 30 * MINUTE)}.`,
        until: iso(start + 30 * MINUTE),
      });
    });

    it('is a worker, its lease, or somebody who starts one', async () => {
      const id = await deliveryOf('acme');
      const due = { status: 'pending', completedAt: null, attemptCount: 0 } as const;
      const workers = t.dataSource.getRepository(WebhookWorkerRow);
      const [own] = await workers.find();
      const end = t.clock.now() + 20_000;
      // As this very process holds it.
      await set(id, { ...due, nextAttemptAt: end, leaseToken: `${own!.id.slice(4, 12)}${'0'.repeat(24)}` });
      expect(await waitingFor(id)).toMatchObject({
        code: 'sending',
        text: expect.stringContaining(`Worker ${own!.name} holds it`),
      });
      await set(id, { leaseToken: 'f'.repeat(32) });
      expect(await waitingFor(id)).toEqual({
        code: 'lease-end',
        params: { worker: null, seenAt: null, leaseEndsAt: iso(end) },
        text: `No worker that is alive holds it: another one takes it when the lease ends at ${iso(end)}.`,
        until: iso(end),
      });
      const seenAt = t.clock.now() - MINUTE;
      await workers.insert({ id: `wrk_${'f'.repeat(32)}`, name: 'host-2 7', startedAt: 1, seenAt });
      expect((await waitingFor(id)).text).toBe(
        `No worker that is alive holds it; host-2 7, last heard of at ${iso(seenAt)}, did: another one takes it when the lease ends at ${iso(end)}.`,
      );
      await set(id, { nextAttemptAt: t.clock.now() - 5_000 });
      const since = `It is due since ${iso(t.clock.now() - 5_000)}`;
      expect(await waitingFor(id)).toMatchObject({
        code: 'claim',
        text: `${since}: the next worker with a free place takes it.`,
      });
      await workers.delete({ id: own!.id });
      expect(await waitingFor(id)).toEqual({
        code: 'no-worker',
        params: { dueAt: iso(t.clock.now() - 5_000), worker: 'host-2 7', seenAt: iso(seenAt) },
        text: `${since}, and no worker is alive: start one. The last was host-2 7, at ${iso(seenAt)}.`,
        until: null,
      });
      const { attention, due: dueOfAll } = await get('/overview');
      expect(attention[0]).toMatchObject({ kind: 'no-worker', since: iso(seenAt) });
      expect(dueOfAll).toEqual({ count: 1, isMore: false, oldestDueAt: iso(t.clock.now() - 5_000) });
      await workers.clear();
      await workers.insert(own!);
    });

    it('is its endpoint: off, over its rate, failing, deleted, or with others before', async () => {
      const id = await deliveryOf('acme');
      const at = t.clock.now();
      await set(id, { leaseToken: null, nextAttemptAt: at });
      await setEndpoint(ids.good, { rateLimit: 3, nextSlotAt: at + 7_000 });
      expect(await waitingFor(id)).toEqual({
        code: 'endpoint-limited',
        params: { rateLimit: 3, nextSlotAt: iso(at + 7_000) },
        text: `The rate limit of its endpoint, 3 a second, is used up: the next request may leave at ${iso(at + 7_000)}.`,
        until: iso(at + 7_000),
      });
      expect(await found('/endpoints?state=limited')).toEqual([ids.good]);
      expect((await get('/overview')).attention).toMatchObject(
        expect.arrayContaining([expect.objectContaining({ kind: 'limited', endpointId: ids.good })]),
      );
      await setEndpoint(ids.good, { rateLimit: null, nextSlotAt: 0, failingSince: at - 1 });
      expect((await waitingFor(id)).code).toBe('endpoint-failing');
      await setEndpoint(ids.good, { failingSince: null, active: false });
      expect(await waitingFor(id)).toMatchObject({
        code: 'endpoint-off',
        text: 'Its endpoint is off: it is canceled when its turn comes.',
      });
      await setEndpoint(ids.good, { active: true });
      const pause = (await t.operator.post('/pauses', { scope: 'tenant', tenant: 'acme' })).body;
      expect(await waitingFor(id)).toMatchObject({ code: 'paused' });
      expect(await get(`/endpoints/${ids.good}`)).toMatchObject({ paused: true });
      expect(await get('/tenant?tenant=acme')).toMatchObject({ paused: true });
      await t.operator.delete(`/pauses/${pause.id}`);
      await set(id, {
        endpointId: `ep_${'0'.repeat(32)}`,
        leaseToken: null,
        status: 'pending',
        nextAttemptAt: at,
      });
      expect((await waitingFor(id)).code).toBe('endpoint-deleted');
      await set(id, { endpointId: ids.good, nextAttemptAt: at + MINUTE });
      expect((await waitingFor(id)).code).toBe('planned');
    });
  });

  it('says whose delivery has been due the longest, how many are due, and which ones nobody sends', async () => {
    const at = t.clock.now();
    const rows = t.dataSource.getRepository(WebhookDelivery);
    const [one, two] = await Promise.all([
      rows.findOneByOrFail({ endpointId: ids.good }),
      rows.findOneByOrFail({ endpointId: ids.failing }),
    ]);
    await rows.update({ id: one.id }, { nextAttemptAt: at - 7 * MINUTE, leaseToken: null });
    await rows.update({ id: two.id }, { nextAttemptAt: at - 2 * MINUTE, leaseToken: null });

    const { due, backlog, attention } = await get('/overview');

    expect(due).toEqual({ count: 2, isMore: false, oldestDueAt: iso(at - 7 * MINUTE) });
    expect(backlog).toEqual([
      {
        tenant: 'acme',
        endpointId: ids.good,
        due: { count: 1, isMore: false, oldestDueAt: iso(at - 7 * MINUTE) },
      },
      {
        tenant: 'globex',
        endpointId: ids.failing,
        due: { count: 1, isMore: false, oldestDueAt: iso(at - 2 * MINUTE) },
      },
    ]);
    expect(attention.slice(0, 2)).toEqual([
      {
        kind: 'lag',
        tenant: null,
        endpointId: null,
        since: iso(at - 7 * MINUTE),
        code: 'lag',
        params: { count: 2, isMore: false, oldestDueAt: iso(at - 7 * MINUTE) },
        text: `2 due, the oldest since ${iso(at - 7 * MINUTE)}.`,
      },
      expect.objectContaining({ kind: 'unattended', tenant: 'acme', endpointId: ids.good }),
    ]);
    const pause = (await t.operator.post('/pauses', { scope: 'tenant', tenant: 'acme' })).body;
    expect((await get('/overview')).attention.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.not.arrayContaining(['unattended']),
    );
    await t.operator.delete(`/pauses/${pause.id}`);
    expect(await get('/tenant?tenant=acme')).toMatchObject({ due: backlog[0].due });
    expect(await get(`/endpoints/${ids.failing}`)).toMatchObject({ due: backlog[1].due });
    expect((await get('/tenants?query=e')).data).toMatchObject([
      { tenant: 'acme', due: { count: 1 } },
      { tenant: 'globex', due: { count: 1 } },
      { tenant: 'initech', due: { count: 0 } },
      { tenant: 'umbrella', due: { count: 0 } },
    ]);
    await t.operator.post('/pauses', { scope: 'all' });
    const shown = (await get('/overview')).attention.map(({ kind }: { kind: string }) => kind);
    expect(shown).toContain('paused');
    expect(shown).not.toContain('lag');
  });
});
