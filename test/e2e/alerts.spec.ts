import { EventEmitter2 } from '@nestjs/event-emitter';
import { WebhooksOperator } from 'nestjs-webhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import { AlertsService } from '../../lib/operation/alerts.service.js';
import { HeartbeatService } from '../../lib/operation/heartbeat.service.js';
import { WebhookBacklogRepository } from '../../lib/persistence/webhook-backlog.repository.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (ms: number): string => new Date(ms).toISOString();

const lastingDatabase = lastingDatabases();

describe.each(STACKS_BY_QUEUE)('The app is alerted, by one of its processes, on $name', (stack) => {
  let t: SendingApp;
  let other: SendingApp;
  let told: { name: string; event: Record<string, unknown> }[];

  beforeEach(async () => {
    const webhooks = { limits: { endpointsPerTenant: 1, testsPerMinute: 1, resendsPerMinute: 1 } } as const;
    const on = await lastingDatabase(stack.database);
    t = await sendingApp({ ...stack, on, migrate: true, webhooks });
    other = await sendingApp({ on, clock: t.clock, webhooks });
    told = [];
    for (const { app } of [t, other])
      app.get(EventEmitter2).onAny((name, event: Record<string, unknown>) => {
        if (/^webhooks\.(?:lag|queue|database|tenant\.limited)/.test(String(name)))
          told.push({ name: String(name), event });
      });
  });
  afterEach(async () => {
    await other.stop();
    await t.stop();
  });

  const looks = async (...apps: SendingApp[]): Promise<void> => {
    await Promise.all(apps.map(({ app }) => app.get(AlertsService).look()));
  };
  const names = (): string[] => told.splice(0).map(({ name }) => name.replace('webhooks.', ''));

  it('once when deliveries lag, however many are due, and once when they no longer do', async () => {
    await t.endpoint();
    t.receiver.answer = 500;
    for (let n = 0; n < 3; n++) await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.after(0);
    // Over Bull the other one may have taken them.
    await other.settled();
    const start = t.clock.now();
    t.receiver.answer = 200;
    // Due after five minutes, and nobody claims.
    t.clock.advance(10 * MINUTE - 1);
    await looks(t, other);
    expect(told).toEqual([]);
    t.clock.advance(1);
    await looks(t, other, t);
    await looks(other, t);
    expect(told).toEqual([
      {
        name: 'webhooks.lag.exceeded',
        event: {
          since: iso(start + 10 * MINUTE),
          at: iso(start + 10 * MINUTE),
          oldestDueAt: iso(start + 5 * MINUTE),
          due: 3,
        },
      },
    ]);
    told = [];

    await t.after(MINUTE);
    await other.after(0);
    await t.settled();
    await looks(t, other);
    await looks(t, other);
    expect(told).toEqual([
      {
        name: 'webhooks.lag.recovered',
        event: {
          since: iso(start + 10 * MINUTE),
          at: iso(start + 11 * MINUTE),
          oldestDueAt: null,
          due: 0,
        },
      },
    ]);

    // Nothing is late while everything is paused.
    told = [];
    await t.app.get(WebhooksOperator).pauses.pause({ scope: 'all' });
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    t.clock.advance(10 * MINUTE);
    await looks(t, other);
    expect(told).toEqual([]);
    // What was told of is no worker.
    expect((await t.webhooks.health.workers()).map(({ id }) => id)).toHaveLength(2);
  });

  it('once an hour for each limit that a tenant reaches', async () => {
    const { id } = await t.endpoint();
    const refused = async (app: SendingApp): Promise<void> => {
      await expect(app.endpoint()).rejects.toThrow('There are 1 webhooks already');
    };
    const sent = await t.webhooks.deliveries.test('acme', id, 'post.published');
    for (const app of [t, other, t]) {
      await refused(app);
      await expect(app.webhooks.deliveries.test('acme', id, 'post.published')).rejects.toThrow('1 tests');
    }
    await t.webhooks.deliveries.retry('acme', sent.deliveryId);
    await t.settled();
    await expect(t.webhooks.deliveries.retry('acme', sent.deliveryId)).rejects.toThrow('1 resends');
    await expect.poll(() => told.length).toBe(3);
    expect(told).toEqual(
      expect.arrayContaining(
        ['endpointsPerTenant', 'testsPerMinute', 'resendsPerMinute'].map((limit) => ({
          name: 'webhooks.tenant.limited',
          event: { tenant: 'acme', limit, value: 1, at: iso(t.clock.now()) },
        })),
      ),
    );
    names();
    t.clock.advance(HOUR);
    await Promise.all([refused(t), refused(other)]);
    await expect.poll(() => told.length).toBe(1);
    await refused(other);
    expect(names()).toEqual(['tenant.limited']);
  });

  it('once when the queue is away at the second check, and by the same process when it is back', async () => {
    const problems = new Map<SendingApp, string | undefined>(
      [t, other].map((app) => [app, 'Redis is gone.']),
    );
    for (const app of [t, other]) {
      const queue = app.app.get<WebhookQueue>(WEBHOOKS_QUEUE);
      queue.problem = () => Promise.resolve(problems.get(app));
      await app.app.get(HeartbeatService).beat();
    }
    const start = t.clock.now();
    await looks(t, other);
    expect(told).toEqual([]);
    t.clock.advance(10_000);
    await looks(t);
    await looks(other, t);
    expect(told).toEqual([
      {
        name: 'webhooks.queue.away',
        event: {
          since: iso(start),
          at: iso(start + 10_000),
          reason: 'Redis is gone.',
          instance: expect.stringMatching(/^wrk_/),
        },
      },
    ]);
    names();
    problems.set(other, undefined);
    await looks(other, t);
    expect(told).toEqual([]);
    problems.set(t, undefined);
    await looks(t, other);
    expect(names()).toEqual(['queue.back']);
  });

  it('when the database does not answer at the second check, and when it is back', async () => {
    const backlog = t.app.get(WebhookBacklogRepository);
    const real = backlog.oldestDueAt.bind(backlog);
    backlog.oldestDueAt = () => Promise.reject(new Error('connect ECONNREFUSED'));
    await looks(t, other);
    expect(told).toEqual([]);
    await looks(t, other);
    await looks(t, other);
    expect(told).toMatchObject([
      {
        name: 'webhooks.database.away',
        event: { reason: 'The database does not answer: connect ECONNREFUSED' },
      },
    ]);
    names();
    backlog.oldestDueAt = real;
    await looks(t, other);
    await looks(t, other);
    expect(names()).toEqual(['database.back']);
  });
});
