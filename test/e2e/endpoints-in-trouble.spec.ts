import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EndpointProbes } from '../../lib/delivery/endpoint-probes.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const iso = (ms: number): string => new Date(ms).toISOString();

const lastingDatabase = lastingDatabases();

describe.each(STACKS_BY_QUEUE)('An endpoint in trouble on $name', (stack) => {
  let t: SendingApp;
  let other: SendingApp;
  let told: { name: string; event: Record<string, unknown> }[];

  beforeEach(async () => {
    const webhooks = { probeEvery: '6h' } as const;
    const on = await lastingDatabase(stack.database);
    t = await sendingApp({ ...stack, on, migrate: true, webhooks });
    other = await sendingApp({ on, clock: t.clock, webhooks });
    told = [];
    for (const { app } of [t, other])
      app.get(EventEmitter2).onAny((name, event) => {
        if (String(name).startsWith('webhooks.endpoint.')) told.push({ name: String(name), event });
      });
  });
  afterEach(async () => {
    await other.stop();
    await t.stop();
  });

  const emit = async (by = t): Promise<void> => {
    await by.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.after(0);
    await other.after(0);
    await t.settled();
  };
  const after = async (ms: number): Promise<void> => {
    await t.after(ms);
    await other.after(0);
  };
  const names = (): string[] => told.map(({ name }) => name.replace('webhooks.endpoint.', ''));

  it('gets no request from any process, and no counted attempt, until its Retry-After ends, and then everything', async () => {
    const { id } = await t.endpoint();
    const start = t.clock.now();
    t.receiver.nextAnswers.push({ status: 503, headers: { 'retry-after': '600' } });
    await emit();
    await emit(t);
    await emit(other);
    expect(t.receiver.arrivals).toHaveLength(1);
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      deferredUntil: iso(start + 10 * MINUTE),
    });
    const waiting = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(
      waiting.map(({ status, attemptCount, nextAttemptAt }) => ({ status, attemptCount, nextAttemptAt })),
    ).toEqual([
      { status: 'pending', attemptCount: 0, nextAttemptAt: iso(start + 10 * MINUTE) },
      { status: 'pending', attemptCount: 0, nextAttemptAt: iso(start + 10 * MINUTE) },
      { status: 'pending', attemptCount: 1, nextAttemptAt: iso(start + 10 * MINUTE) },
    ]);

    await after(10 * MINUTE - 1);
    expect(t.receiver.arrivals).toHaveLength(1);
    await after(1);
    expect(t.receiver.arrivals).toHaveLength(4);
  });

  it('gets everything that waits as soon as its pause is ended, but no attempt planned for later', async () => {
    const { id } = await t.endpoint();
    t.receiver.nextAnswers.push(500, { status: 503, headers: { 'retry-after': '600' } });
    await emit();
    t.clock.advance(MINUTE);
    await emit(t);
    await emit(other);
    expect(t.receiver.arrivals).toHaveLength(2);

    await t.webhooks.endpoints.update('acme', id, { url: `${t.receiver.url}/hook` });
    await after(0);
    expect(t.receiver.arrivals).toHaveLength(4);
    const { data } = await t.webhooks.deliveries.list({ tenant: 'acme', status: 'pending' }, { limit: 10 });
    expect(data).toMatchObject([{ attemptCount: 1, statusCode: 500 }]);
  });

  it('waits at most an hour, and only if it says for how long', async () => {
    const { id } = await t.endpoint();
    t.receiver.nextAnswers.push(503, { status: 429, headers: { 'retry-after': '86400' } });
    await emit();
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({ deferredUntil: null });
    await emit();
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      deferredUntil: iso(t.clock.now() + HOUR),
    });
    // A test is what somebody waits for, and turning it on says that it is well again.
    await t.webhooks.deliveries.test('acme', id, 'post.published');
    expect(t.receiver.arrivals).toHaveLength(3);
    await t.webhooks.endpoints.update('acme', id, { active: true });
    await emit();
    expect(t.receiver.arrivals).toHaveLength(4);
  });

  it('is reported as failing well before it is disabled, and as recovered, each once', async () => {
    const { id } = await t.endpoint();
    t.receiver.answer = 500;
    const failingSince = iso(t.clock.now());
    await emit();
    await after(DAY - 1);
    await emit();
    const wasTold = names();
    await after(1);
    await emit();
    await emit(other);
    t.receiver.answer = 200;
    await emit(other);
    await emit();

    expect(wasTold).toEqual([]);
    expect(told).toEqual([
      {
        name: 'webhooks.endpoint.failing',
        event: {
          endpointId: id,
          tenant: 'acme',
          failingSince,
          disabledFrom: iso(Date.parse(failingSince) + 5 * DAY),
        },
      },
      {
        name: 'webhooks.endpoint.recovered',
        event: { endpointId: id, tenant: 'acme', recoveredAt: iso(t.clock.now()), turnedOn: false },
      },
    ]);
  });

  it('is reported as failing before it is disabled, even if nothing was sent meanwhile', async () => {
    await t.endpoint();
    t.receiver.answer = 500;
    await emit();
    t.clock.advance(6 * DAY);
    await emit();
    expect(names()).toEqual(['failing', 'disabled']);
  });

  it('is probed once it was disabled for failing, by one process, and is on again when it takes the delivery', async () => {
    const { id } = await t.endpoint();
    const off = await t.endpoint();
    await t.webhooks.endpoints.update('acme', off.id, { active: false });
    const probe = async (): Promise<number> => {
      const [one, two] = await Promise.all([t, other].map(({ app }) => app.get(EndpointProbes).runOnce()));
      return one! + two!;
    };
    t.receiver.answer = 410;
    await emit();
    expect(await probe()).toBe(0);
    await t.webhooks.endpoints.update('acme', id, { active: true });

    t.receiver.answer = 500;
    await emit();
    t.clock.advance(6 * DAY);
    await emit();
    expect(names()).toEqual(['disabled', 'failing', 'disabled']);
    t.clock.advance(6 * HOUR - 1);
    expect(await probe()).toBe(0);
    t.clock.advance(1);
    const count = t.receiver.arrivals.length;
    expect(await probe()).toBe(1);
    expect(await probe()).toBe(0);
    expect(t.receiver.arrivals).toHaveLength(count + 1);
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      active: false,
      disabledReason: 'failing',
    });

    t.receiver.answer = 200;
    t.clock.advance(6 * HOUR);
    expect(await probe()).toBe(1);
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      active: true,
      disabledReason: null,
      failingSince: null,
      deferredUntil: null,
    });
    expect(await t.webhooks.endpoints.get('acme', off.id)).toMatchObject({ active: false });
    expect(told.at(-1)).toEqual({
      name: 'webhooks.endpoint.recovered',
      event: { endpointId: id, tenant: 'acme', recoveredAt: iso(t.clock.now()), turnedOn: true },
    });
    expect(names().filter((name) => name === 'recovered')).toHaveLength(1);
    await emit();
    expect(t.receiver.arrivals.length).toBeGreaterThan(count + 2);
  });
});
