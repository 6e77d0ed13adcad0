import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { IsNull, LessThanOrEqual, Not } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebhookDelivery, WebhooksOperator } from 'nestjs-webhooks';
import { DeliveryRunner } from '../../lib/delivery/delivery-runner.js';
import { storeBacklog } from '../support/backlog.js';
import { daily } from '../support/daily.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

let t: SendingApp;
afterEach(() => t.stop());

const start = async (options: SendingAppOptions, endpoints: number): Promise<void> => {
  t = await sendingApp(options);
  for (let n = 0; n < endpoints; n++) await t.endpoint();
};
const emit = (data: object = {}): Promise<{ id: string }> =>
  t.webhooks.emit('post.published', data, { tenant: 'acme' });
const leased = (): Promise<number> =>
  t.dataSource.getRepository(WebhookDelivery).countBy({ leaseToken: Not(IsNull()) });

describe('A worker whose receivers hang', () => {
  const ENDPOINTS = 50;
  const BODY = 250_000;
  const MOST_CHARACTERS = 64_000_000;

  it('holds 64 MB of bodies at most, plus those of one emit, and continues when they are gone', async () => {
    // Enough requests at once for all: what waits for its turn has a bound of its own.
    await start({ webhooks: { delivery: { timeout: '60s', lease: '10m', concurrency: 400 } } }, ENDPOINTS);
    const unanswered: ServerResponse[] = [];
    t.receiver.answer = (_, response) => void unanswered.push(response);
    const fitting = Math.ceil(MOST_CHARACTERS / (ENDPOINTS * BODY));
    for (let n = 0; n < fitting + 2; n++) await emit({ text: 'x'.repeat(BODY) });
    await t.relay.runOnce();
    expect(await leased()).toBe(fitting * ENDPOINTS);

    t.receiver.answer = 200;
    for (const response of unanswered) response.writeHead(200).end();
    await t.receiver.received((fitting + 2) * ENDPOINTS);
    await t.settled();
  });

  it('claims deliveries of another tenant, however many it holds of the first', async () => {
    // A request is free: whether one may be claimed for is the question.
    const concurrency = ENDPOINTS + 1;
    await start({ webhooks: { delivery: { timeout: '60s', lease: '10m', concurrency } } }, ENDPOINTS);
    t.receiver.answer = ({ path }, response) => void (path === '/other' && response.writeHead(200).end());
    for (let n = 0; n < 10; n++) await emit();
    expect(await leased()).toBe(10 * ENDPOINTS);
    const { id: endpointId } = await t.endpoint({ tenant: 'globex', url: `${t.receiver.url}/other` });
    await storeBacklog(t.dataSource, {
      endpointId,
      tenant: 'globex',
      count: 1,
      at: t.clock.now() - 1,
      as: 'pending',
    });
    await t.relay.runOnce();
    await t.receiver.received(1, '/other');
  });
});

describe.each(daily(['sqlite', 'postgres'], 'mysql'))('A worker with a backlog on %s', (database) => {
  it('closes within its grace and a second, and leaves its deliveries to others, due at once', async () => {
    await start({ database, clock: false, webhooks: { delivery: { shutdownGrace: '500ms' } } }, 0);
    const { id: endpointId } = await t.endpoint();
    t.receiver.answer = () => undefined;
    await storeBacklog(t.dataSource, {
      endpointId,
      tenant: 'acme',
      count: 20_000,
      at: Date.now() - 1_000,
      as: 'pending',
    });
    await t.relay.runOnce();
    await t.receiver.received(5);
    const since = performance.now();
    await t.app.get(DeliveryRunner).close(500);
    expect(performance.now() - since).toBeLessThan(1_500);
    const due = await t.dataSource
      .getRepository(WebhookDelivery)
      .countBy({ leaseToken: IsNull(), status: 'pending', nextAttemptAt: LessThanOrEqual(Date.now()) });
    expect(due).toBe(20_000);
  });
});

describe('An idle worker', () => {
  const lasting = lastingDatabases();

  it('sends less than two statements a second, and finds work from other processes within a second', async () => {
    const on = await lasting('postgres');
    t = await sendingApp({ on, migrate: true, clock: false, webhooks: { delivery: { pollInterval: '1s' } } });
    await t.endpoint();
    const other = await sendingApp({ on, migrate: false, clock: false, webhooks: { worker: false } });
    try {
      const sent = vi.spyOn(t.dataSource.logger, 'logQuery');
      await pause(2_500);
      expect(sent.mock.calls.length).toBeGreaterThan(0);
      expect(sent.mock.calls.map(([sql]) => sql).slice(5)).toEqual([]);

      const { jobs } = other.app.get(WebhooksOperator);
      const { id } = await jobs.start({ kind: 'resend', filter: { tenant: 'acme' } });
      await other.webhooks.emit('post.published', {}, { tenant: 'acme' });
      const within = { timeout: 1_000, interval: 20 };
      await Promise.all([
        vi.waitFor(async () => expect((await jobs.get(id)).status).toBe('done'), within),
        vi.waitFor(() => expect(t.receiver.arrivals).toHaveLength(1), within),
      ]);
    } finally {
      await other.stop();
    }
  });
});
