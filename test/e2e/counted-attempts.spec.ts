import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebhookAttempt, type WebhooksService, type WebhookStatsView } from 'nestjs-webhooks';
import { WebhookTestClock } from 'nestjs-webhooks/testing';
import { RetentionService } from '../../lib/dispatch/retention.service.js';
import { bucketed } from '../../lib/management/stats-buckets.js';
import { spanView, type StatsSpan } from '../../lib/management/views/stats.views.js';
import { newId } from '../../lib/domain/id.js';
import { latencyBin } from '../../lib/domain/latency.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_DIALECT } from '../support/stacks.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const sentTo = ({ total }: Pick<WebhookStatsView, 'total'>): number[] => [
  total.succeeded,
  total.retrying,
  total.failed,
];

describe.each(STACKS_BY_DIALECT)('The statistics on $name', (stack) => {
  const webhooks = { retry: { schedule: ['1h' as const] } };
  let t: SendingApp;
  let clock: WebhookTestClock;
  /** A full hour. */
  let start: number;

  beforeEach(async () => {
    clock = new WebhookTestClock();
    start = clock.now();
    t = await sendingApp({ ...stack, clock, webhooks });
  });
  afterEach(() => t.stop());

  const emit = (by = t): Promise<{ id: string }> =>
    by.webhooks.emit('post.published', {}, { tenant: 'acme' });
  const emitAndSettle = async (): Promise<void> => {
    const count = t.receiver.arrivals.length;
    await emit();
    await t.receiver.received(count + 1);
    await t.settled();
  };
  /** The hour that has begun counts, too. */
  const stats = (
    query: Parameters<WebhooksService['stats']['ofTenant']>[1] = {},
  ): Promise<WebhookStatsView> =>
    t.webhooks.stats.ofTenant('acme', { since: start, until: clock.now() + 1, ...query });
  /** The same from the log. */
  const logged = async (span: StatsSpan, endpointId?: string) => {
    const attempts = await t.dataSource
      .getRepository(WebhookAttempt)
      .findBy(endpointId ? { endpointId } : {});
    const counts = attempts.map(({ startedAt, outcome, durationMs }) => ({
      bucket: Math.floor(startedAt / span.bucketMs),
      outcome,
      bin: latencyBin(durationMs),
      attempts: 1,
    }));
    return { ...spanView(span), ...bucketed(counts, span) };
  };

  it('count each attempt once when workers record concurrently', { timeout: 60_000 }, async () => {
    const ids = [await t.endpoint(), await t.endpoint(), await t.endpoint()].map(({ id }) => id);
    // SQLite in memory has one process.
    const other =
      stack.database === 'sqlite' ? t : await sendingApp({ ...stack, on: t.database, clock, webhooks });
    let requests = 0;
    t.receiver.answer = (_, response) => {
      const status = ++requests % 3 === 0 ? 503 : 200;
      setTimeout(() => response.writeHead(status).end(), requests % 40);
    };

    await Promise.all(Array.from({ length: 200 }, (_, n) => emit(n % 2 === 0 ? t : other)));
    // What finds no place in its lane on a busy machine goes back to its row for a moment.
    const arrived = async (count: number): Promise<void> => {
      await Promise.all([t.settled(), other.settled()]);
      while (t.receiver.arrivals.length < count) {
        await t.after(5_000);
        await other.settled();
      }
    };
    await arrived(600);
    await t.after(HOUR);
    await arrived(800);

    const span = { since: start, until: start + 2 * HOUR, bucketMs: HOUR };
    const counted = await stats(span);
    expect(sentTo(counted).reduce((sum, count) => sum + count)).toBe(800);
    expect(Math.min(...sentTo(counted))).toBeGreaterThan(50);
    expect(counted.buckets).toHaveLength(2);
    expect(counted).toEqual(await logged(span));
    for (const id of ids) {
      expect(await t.webhooks.stats.ofEndpoint('acme', id, span)).toEqual(await logged(span, id));
    }
    if (other !== t) await other.stop();
  });

  it('leave out tests, even resent ones', async () => {
    const { id } = await t.endpoint();
    const { deliveryId } = await t.webhooks.deliveries.test('acme', id, 'post.created');
    await t.webhooks.deliveries.retry('acme', deliveryId);
    await t.receiver.received(2);
    await t.settled();
    await emitAndSettle();

    expect(await t.dataSource.getRepository(WebhookAttempt).count()).toBe(3);
    expect(sentTo(await stats())).toEqual([1, 0, 0]);
  });

  it('leave out the attempt of a worker that has lost its lease', async () => {
    await t.endpoint();
    let release = (): void => undefined;
    const entered = new Promise<void>((resolve) => {
      t.receiver.nextAnswers.push((_, response) => {
        release = () => response.writeHead(500).end();
        resolve();
      });
    });
    await emit();
    await entered;
    clock.advance(31_000);
    await t.relay.runOnce();
    await t.receiver.received(2);
    release();
    await t.settled();

    expect(sentTo(await stats())).toEqual([1, 0, 0]);
  });

  it('keep an hour until the retention of its last minute ends', async () => {
    await t.endpoint();
    clock.advance(30 * MINUTE);
    await emitAndSettle();
    clock.advance(40 * MINUTE);
    await emitAndSettle();
    const prune = async (at: number): Promise<number[]> => {
      clock.advance(at - clock.now());
      await t.app.get(RetentionService).runOnce();
      return (await stats({ until: start + 2 * HOUR })).buckets.map(({ succeeded }) => succeeded);
    };

    expect(await prune(start + 30 * DAY + 59 * MINUTE)).toEqual([1, 1]);
    expect(await prune(start + 30 * DAY + HOUR)).toEqual([0, 1]);
    expect(await prune(start + 30 * DAY + 2 * HOUR)).toEqual([0, 0]);
  });

  it('prune any number of old rows, and no younger ones', async () => {
    const old = (index: number) => ({
      endpointId: newId('ep', start),
      hour: start - (31 * 24 + Math.floor(index / 700)) * HOUR,
      outcome: 'succeeded',
      bin: index % 20,
      writer: 0,
      tenant: 'acme',
      attempts: 1,
    });
    const rows = t.dataSource.getRepository('WebhookStat');
    await rows.insert(Array.from({ length: 700 }, (_, index) => old(index)));
    await rows.insert(Array.from({ length: 700 }, (_, index) => old(700 + index)));
    await t.endpoint();
    await emitAndSettle();

    await t.app.get(RetentionService).runOnce();

    expect(sentTo(await stats({ since: start - 40 * DAY }))).toEqual([1, 0, 0]);
    expect(await rows.count()).toBe(1);
  });

  it('keep the counts of pruned deliveries and deleted endpoints', async () => {
    const { id } = await t.endpoint();
    await emitAndSettle();
    clock.advance(31 * DAY);
    const [old] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    await t.webhooks.deliveries.retry('acme', old!.id);
    await t.receiver.received(2);
    await t.settled();
    await t.app.get(RetentionService).runOnce();
    await t.webhooks.endpoints.delete('acme', id);

    expect(await t.dataSource.getRepository(WebhookAttempt).count()).toBe(0);
    expect(sentTo(await stats())).toEqual([1, 0, 0]);
  });
});
