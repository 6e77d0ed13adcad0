import { setTimeout } from 'node:timers/promises';
import { WebhooksOperator } from 'nestjs-webhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storeBacklog } from '../support/backlog.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { EVENTS, sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';
import { startProcess, type SendingProcess } from '../support/sending-process.js';
import { STACKS_BY_DIALECT, STACKS_BY_QUEUE } from '../support/stacks.js';

type Pause = Parameters<WebhooksOperator['pauses']['pause']>[0];

const HOUR_MS = 3_600_000;
const REDIS_PREFIX = '{pauses}';

const operatorOf = ({ app }: SendingApp): WebhooksOperator => app.get(WebhooksOperator);
const pausesOf = (t: SendingApp): WebhooksOperator['pauses'] => operatorOf(t).pauses;

describe.each(STACKS_BY_DIALECT)('A pause, on $name', (stack) => {
  let t: SendingApp;

  beforeEach(async () => {
    t = await sendingApp(stack);
  });
  afterEach(() => t.stop());

  const emit = (tenant: string): Promise<unknown> => t.webhooks.emit('post.published', {}, { tenant });
  const pathsOf = (from = 0): string[] => t.receiver.arrivals.slice(from).map(({ path }) => path);

  it.each([
    ['everything', (): Pause => ({ scope: 'all' }), []],
    ['a tenant', (): Pause => ({ scope: 'tenant', tenant: 'acme' }), ['/other']],
    [
      'an endpoint',
      (endpointId: string): Pause => ({ scope: 'endpoint', endpointId }),
      ['/other', '/second'],
    ],
  ])('of %s holds back only the deliveries that it covers, until it ends', async (_, input, others) => {
    const { id } = await t.endpoint({ url: `${t.receiver.url}/first` });
    await t.endpoint({ url: `${t.receiver.url}/second` });
    await t.endpoint({ tenant: 'globex', url: `${t.receiver.url}/other` });
    const pause = await pausesOf(t).pause(input(id));
    await Promise.all([emit('acme'), emit('globex')]);
    await t.after(1_000);
    await t.after(HOUR_MS);

    expect(pathsOf().sort()).toEqual(others);
    const { data } = await t.webhooks.deliveries.list({ tenant: 'acme', endpointId: id }, { limit: 10 });
    expect(data).toMatchObject([{ status: 'pending', attemptCount: 0, errorCode: null }]);
    expect(Date.parse(data[0]!.nextAttemptAt!)).toBeLessThanOrEqual(t.clock.now());

    await pausesOf(t).resume(pause.id);
    await t.after(0);
    expect(pathsOf().sort()).toEqual(['/first', '/other', '/second']);
    expect((await t.webhooks.deliveries.get('acme', data[0]!.id)).attempts).toMatchObject([{ number: 1 }]);
  });

  it('keeps the times of later attempts, and holds what two pauses cover until both have ended', async () => {
    t.receiver.answer = 500;
    const { id } = await t.endpoint();
    await emit('acme');
    await t.settled();
    const tenant = await pausesOf(t).pause({ scope: 'tenant', tenant: 'acme' });
    const endpoint = await pausesOf(t).pause({ scope: 'endpoint', endpointId: id });
    t.receiver.answer = 200;
    await t.after(60_000);
    await pausesOf(t).resume(tenant.id);
    await t.after(60_000);
    await t.after(HOUR_MS);
    expect(t.receiver.arrivals).toHaveLength(1);

    await pausesOf(t).resume(endpoint.id);
    await t.after(0);
    expect(t.receiver.arrivals).toHaveLength(2);
    const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 2 });
  });

  it('holds back a resend, which is sent afterwards, and refuses a test', async () => {
    const { id } = await t.endpoint();
    await emit('acme');
    await t.settled();
    const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    const pause = await pausesOf(t).pause({
      scope: 'endpoint',
      endpointId: id,
      reason: 'Their server burns.',
    });
    await t.webhooks.deliveries.retry('acme', delivery!.id);
    await t.after(1_000);
    await expect(t.webhooks.deliveries.test('acme', id, 'post.published')).rejects.toMatchObject({
      code: 'webhooks/paused',
    });
    expect(t.receiver.arrivals).toHaveLength(1);

    await pausesOf(t).resume(pause.id);
    await t.after(0);
    expect(t.receiver.arrivals).toHaveLength(2);
    await t.webhooks.deliveries.test('acme', id, 'post.published');
  });

  it('releases thousands of waiting deliveries, in their order', async () => {
    const EVENTS_HELD = 1_200;
    await t.endpoint();
    const pause = await pausesOf(t).pause({ scope: 'tenant', tenant: 'acme' });
    await Promise.all(Array.from({ length: EVENTS_HELD }, () => emit('acme')));
    await t.after(1_000);
    expect(t.receiver.arrivals).toHaveLength(0);

    await pausesOf(t).resume(pause.id);
    // Until all are back, which no caller waits for.
    for (let tries = 0; t.receiver.arrivals.length < EVENTS_HELD && tries < 50; tries++) {
      await setTimeout(50);
      await t.after(0);
    }
    expect(new Set(t.receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size).toBe(EVENTS_HELD);
    expect(t.receiver.arrivals).toHaveLength(EVENTS_HELD);
  });
});

describe('Pauses', () => {
  let t: SendingApp;

  beforeEach(async () => {
    t = await sendingApp();
  });
  afterEach(() => t.stop());

  it('are one for each target, however often it is paused, and end once', async () => {
    const { id: endpointId } = await t.endpoint();
    const first = await pausesOf(t).pause({ scope: 'endpoint', endpointId, reason: 'Load' });
    const [again, all] = await Promise.all([
      pausesOf(t).pause({ scope: 'endpoint', endpointId, reason: 'Another' }),
      pausesOf(t).pause({ scope: 'all' }),
    ]);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ scope: 'endpoint', tenant: 'acme', endpointId, reason: 'Load' });
    expect(all).toMatchObject({ scope: 'all', tenant: null, endpointId: null, reason: null });
    expect((await pausesOf(t).list()).data).toEqual([all, first]);

    await pausesOf(t).resume(first.id);
    await pausesOf(t).resume(first.id);
    expect((await pausesOf(t).list()).data).toEqual([all]);
  });

  it('end with their endpoint', async () => {
    const { id: endpointId } = await t.endpoint();
    await pausesOf(t).pause({ scope: 'endpoint', endpointId });
    const tenant = await pausesOf(t).pause({ scope: 'tenant', tenant: 'acme' });
    await t.webhooks.endpoints.delete('acme', endpointId);
    expect((await pausesOf(t).list()).data).toEqual([tenant]);
  });

  it.each([
    [{ scope: 'some' }, 'scope must be one of all, tenant, endpoint'],
    [{ scope: 'tenant' }, 'tenant is missing'],
    [{ scope: 'endpoint' }, 'endpointId is missing'],
    [{ scope: 'all', tenant: 'acme' }, "tenant goes with the scope 'tenant'"],
    [{ scope: 'tenant', tenant: 'acme', endpointId: 'ep_1' }, "endpointId goes with the scope 'endpoint'"],
    [{ scope: 'endpoint', endpointId: 'ep_1' }, 'There is no endpoint "ep_1"'],
    [{ scope: 'all', reason: 'x'.repeat(501) }, 'reason must be a text of at most 500 characters'],
  ])('refuse %j', async (input, problem) => {
    await expect(pausesOf(t).pause(input as never)).rejects.toThrow(problem);
    expect((await pausesOf(t).list()).data).toEqual([]);
  });

  it('keep deliverDue from sending what is paused', async () => {
    await t.endpoint();
    const pause = await pausesOf(t).pause({ scope: 'all' });
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    expect(await t.webhooks.deliverDue({ timeout: '20s' })).toMatchObject({ succeeded: 0, left: 1 });
    await pausesOf(t).resume(pause.id);
    expect(await t.webhooks.deliverDue()).toMatchObject({ succeeded: 1, left: 0 });
  });
});

describe.each(STACKS_BY_QUEUE)('Processes on one database, on $name,', (stack) => {
  const lasting = lastingDatabases();
  const apps: SendingApp[] = [];
  const processes: SendingProcess[] = [];

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.kill()));
    for (const t of apps.splice(0)) await t.stop();
  });

  const start = async (options: SendingAppOptions): Promise<SendingApp> => {
    const webhooks = { ...options.webhooks, delivery: { pollInterval: '100ms' } } as const;
    const t = await sendingApp({ ...stack, clock: false, redisPrefix: REDIS_PREFIX, ...options, webhooks });
    apps.push(t);
    return t;
  };
  const idsAt = ({ receiver }: SendingApp): string[] =>
    receiver.arrivals.map(({ headers }) => String(headers['webhook-id']));
  const until = async (isTrue: () => boolean): Promise<void> => {
    for (let tries = 0; !isTrue(); tries++) {
      if (tries > 1_000) throw new Error('It did not happen within 20 s.');
      await setTimeout(20);
    }
  };

  it('release paused deliveries without a running worker, whichever of them ends the pause', async () => {
    const on = await lasting(stack.database);
    const one = await start({ on, migrate: true, webhooks: { worker: false } });
    const other = await start({ on, webhooks: { worker: false } });
    const { id: endpointId } = await one.endpoint();
    await one.endpoint();
    const parkOne = async (): Promise<string> => {
      const { id } = await pausesOf(one).pause({ scope: 'endpoint', endpointId });
      await one.webhooks.emit('post.published', {}, { tenant: 'acme' });
      expect(await one.webhooks.deliverDue()).toMatchObject({ succeeded: 1, left: 0 });
      return id;
    };
    await pausesOf(other).resume(await parkOne());
    expect((await operatorOf(other).overview()).due).toMatchObject({ count: 1 });
    expect(await other.webhooks.deliverDue()).toMatchObject({ succeeded: 1 });

    // As by a process that died just after that.
    await parkOne();
    await one.dataSource.query('DELETE FROM webhook_pauses');
    expect(await other.webhooks.deliverDue()).toMatchObject({ succeeded: 1 });
  });

  it('read paused deliveries only in the process that ends the pause', async () => {
    const on = await lasting(stack.database);
    const operator = await start({ on, migrate: true, webhooks: { worker: false } });
    const worker = await start({ on });
    const { id: endpointId } = await operator.endpoint();
    await pausesOf(operator).pause({ scope: 'tenant', tenant: 'acme' });
    const other = await pausesOf(operator).pause({ scope: 'tenant', tenant: 'globex' });
    const longAgo = { endpointId, tenant: 'acme', at: Date.now() - HOUR_MS };
    await storeBacklog(operator.dataSource, { ...longAgo, count: 600, as: 'pending' });
    await operator.dataSource.query(
      'UPDATE webhook_deliveries SET next_attempt_at = next_attempt_at + 1000000000000000',
    );
    const reads = [operator, worker].map(({ dataSource }) => vi.spyOn(dataSource.logger, 'logQuery'));
    // Until the worker has seen the pause, and then its end.
    await setTimeout(300);
    await pausesOf(operator).resume(other.id);
    await setTimeout(1_000);
    const [byOperator, byWorker] = reads.map(
      ({ mock }) => mock.calls.filter(([sql]) => /ORDER BY next_attempt_at LIMIT 500/.test(sql)).length,
    );
    expect([byOperator, byWorker]).toEqual([2, 1]);
  });

  it('all stop within a second under load, and send each event once after that', async () => {
    const on = await lasting(stack.database);
    const one = await start({ on, migrate: true, ownFirst: true });
    const other = await start({ on, ownFirst: true });
    const operator = await start({ on, webhooks: { worker: false } });
    await one.endpoint();
    const emitted: string[] = [];
    const load = new AbortController();
    const emits = [one, other].map(async ({ webhooks }) => {
      while (!load.signal.aborted) {
        emitted.push((await webhooks.emit('post.published', {}, { tenant: 'acme' })).id);
        await setTimeout(5);
      }
    });
    await one.receiver.received(20);
    const pause = await pausesOf(operator).pause({ scope: 'tenant', tenant: 'acme' });
    await setTimeout(1_000);
    const before = one.receiver.arrivals.length;
    await setTimeout(300);
    expect(one.receiver.arrivals).toHaveLength(before);
    load.abort();
    await Promise.all(emits);
    expect(emitted.length).toBeGreaterThan(before);

    await pausesOf(operator).resume(pause.id);
    await until(() => one.receiver.arrivals.length >= emitted.length);
    // Closing waits for what is under way, so a second request would have arrived by then.
    for (const { app } of apps) await app.close();
    expect(idsAt(one).sort()).toEqual(emitted.sort());
  });

  it('know of a pause when they start, also after one was killed', async () => {
    const on = await lasting(stack.database);
    const operator = await start({ on, migrate: true, webhooks: { worker: false } });
    await operator.endpoint();
    const bull =
      stack.queue === 'bull' ? { redis: process.env.TEST_REDIS_URL!, redisPrefix: REDIS_PREFIX } : {};
    const startWorker = async (): Promise<SendingProcess> => {
      const delivery = { pollInterval: '50ms', lease: '5s', timeout: '1s' } as const;
      const worker = await startProcess(on.options, { events: EVENTS, ...bull, delivery });
      processes.push(worker);
      return worker;
    };
    const first = await startWorker();
    const pause = await pausesOf(operator).pause({ scope: 'tenant', tenant: 'acme' });
    // Until each worker knows of it: what one had sent and not recorded when it was killed would come twice.
    await setTimeout(1_000);
    const emitted = await Promise.all(
      Array.from({ length: 300 }, () => operator.webhooks.emit('post.published', {}, { tenant: 'acme' })),
    );
    const before = (): number => operator.receiver.arrivals.length;
    await setTimeout(40);
    await first.kill();
    const sent = before();
    const second = await startWorker();
    await setTimeout(500);
    expect(before()).toBe(sent);

    await pausesOf(operator).resume(pause.id);
    await until(() => before() >= emitted.length);
    await second.terminate();
    expect(idsAt(operator).sort()).toEqual(emitted.map(({ id }) => id).sort());
    expect(second.errors()).toBe('');
  });
});
