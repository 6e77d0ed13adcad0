import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookDelivery } from 'nestjs-webhooks';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { WebhookDeliveryRepository } from '../../lib/persistence/webhook-delivery.repository.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

let t: SendingApp;
afterEach(() => t.stop());

const start = async (options: SendingAppOptions, endpoints: number): Promise<void> => {
  t = await sendingApp(options);
  for (let n = 0; n < endpoints; n++) await t.endpoint();
};
const emit = (data: object = {}, tenant = 'acme'): Promise<{ id: string }> =>
  t.webhooks.emit('post.published', data, { tenant });
/** Long enough for what has been pushed to be looked at. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turns();
};

describe('A worker whose receivers hang', () => {
  const ENDPOINTS = 50;
  const BODY = 250_000;
  const MOST_CHARACTERS = 64_000_000;

  it('loads nothing more once it holds 64 MB of bodies, and goes on when they are gone', async () => {
    await start({ webhooks: { delivery: { timeout: '60s', lease: '10m' } } }, ENDPOINTS);
    const unanswered: ServerResponse[] = [];
    t.receiver.answer = (_, response) => void unanswered.push(response);
    const deliveries = t.app.get(WebhookDeliveryRepository);
    const load = deliveries.load.bind(deliveries);
    let loaded = 0;
    deliveries.load = async (batch) => {
      const found = await load(batch);
      loaded += found.length;
      return found;
    };
    const fitting = Math.ceil(MOST_CHARACTERS / (ENDPOINTS * BODY));
    for (let taken = 1; taken <= fitting; taken++) {
      await emit({ text: 'x'.repeat(BODY) });
      await until(() => loaded === taken * ENDPOINTS);
    }
    await emit({ text: 'x'.repeat(BODY) });
    await emit({ text: 'x'.repeat(BODY) });
    await turns();
    expect(loaded).toBe(fitting * ENDPOINTS);

    t.receiver.answer = 200;
    for (const response of unanswered) response.writeHead(200).end();
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength((fitting + 2) * ENDPOINTS);
  });
});

describe('A worker that closes', () => {
  it('puts off no more of a backlog, however much there is', async () => {
    await start({}, 1);
    t.receiver.answer = (_, response) => response.destroy();
    await emit();
    await t.settled();
    // After an hour away there is a slot a minute: most finds none within the quarter of an hour that is looked ahead.
    t.clock.advance('1h');
    let statements = 0;
    let closing: Promise<void> | undefined;
    t.app.get(WebhookDeliveryRepository).postpone = async () => {
      statements++;
      closing ??= t.app.close();
      await turns();
      return 1_000;
    };
    for (let n = 0; n < 40; n++) await emit();
    await until(() => closing !== undefined);
    await closing;
    expect(statements).toBeLessThan(10);
  });
});

describe.each(['in-process', 'bull'] as const)('A worker that stands still, over the %s queue', (queue) => {
  /** A fifth of what the lease leaves beside a request. */
  const WINDOW_MS = 1_000;
  const ENDPOINTS = 20;
  /** Its tenant then has a quarter of the queue's room at first. */
  const EVENTS = 25;

  it('gets nothing more of a tenant that has much in its queue: it stays in its rows until that moves', async () => {
    await start({ queue, webhooks: { delivery: { timeout: '1s', lease: '6s' } } }, ENDPOINTS);
    await t.endpoint({ tenant: 'globex' });
    const deliveries = t.app.get(WebhookDeliveryRepository);
    const load = deliveries.load.bind(deliveries);
    let goOn!: () => void;
    const isMoving = new Promise<void>((resolve) => (goOn = resolve));
    deliveries.load = async (batch) => {
      await isMoving;
      return load(batch);
    };
    const pushing = t.app.get<WebhookQueue>(WEBHOOKS_QUEUE);
    await until(() => pushing.hasRoom(0));
    const isLeased = async ({ id: eventId }: { id: string }): Promise<boolean> =>
      (await t.dataSource.getRepository(WebhookDelivery).findBy({ eventId })).every(
        ({ leaseToken }) => leaseToken !== null,
      );
    const since = performance.now();
    for (let n = 0; n < EVENTS; n++) await emit();
    await until(() => !pushing.hasRoom(1));
    const noticedAfter = performance.now() - since;
    expect(noticedAfter).toBeGreaterThan(WINDOW_MS - 100);
    // Not only when the leases have ended.
    expect(noticedAfter).toBeLessThan(5 * WINDOW_MS);

    expect(await isLeased(await emit())).toBe(false);
    expect(await isLeased(await emit({}, 'globex'))).toBe(true);

    goOn();
    await t.settled();
    await t.after(0);
    expect(t.receiver.arrivals).toHaveLength((EVENTS + 1) * ENDPOINTS + 1);
  });
});
