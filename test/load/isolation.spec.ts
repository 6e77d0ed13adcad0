import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebhookDelivery } from 'nestjs-webhooks';
import { LONG } from '../chaos/options.js';
import { storeBacklog } from '../support/backlog.js';
import { daily } from '../support/daily.js';
import { copyEndpoint } from '../support/endpoints.js';
import { BAD_TENANT, Load } from '../support/load.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

describe('An endpoint that does not answer', () => {
  let t: SendingApp;
  let hanging: number;
  let mostHanging: number;

  beforeEach(async () => {
    hanging = 0;
    mostHanging = 0;
    t = await sendingApp({
      clock: false,
      webhooks: { delivery: { timeout: '600ms', pollInterval: '1h' } },
    });
    await t.endpoint({ url: `${t.receiver.url}/hanging` });
    t.receiver.answer = ({ path }, response) => {
      if (path === '/fine') {
        response.writeHead(200).end();
        return;
      }
      mostHanging = Math.max(mostHanging, ++hanging);
      response.once('close', () => hanging--);
    };
  });
  afterEach(() => t.stop());

  const emit = (): Promise<unknown> => t.webhooks.emit('post.published', {}, { tenant: 'acme' });

  it('gets five requests at once, and holds up no other endpoint', async () => {
    await t.endpoint({ url: `${t.receiver.url}/fine` });
    for (let n = 0; n < 60; n++) await emit();
    await t.receiver.received(60, '/fine');

    // All of the others were served while the first requests to this one were still waiting.
    const toHanging = t.receiver.arrivals.filter(({ path }) => path === '/hanging');
    expect(toHanging).toHaveLength(5);
    expect(mostHanging).toBe(5);
  });

  it('is probed by one request at a time once it has timed out, and what waits goes back to its rows', async () => {
    for (let n = 0; n < 30; n++) await emit();
    await t.settled();

    const deliveries = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 100 })).data;
    const attempted = deliveries.filter(({ attemptCount }) => attemptCount > 0);
    const waiting = deliveries.filter(({ attemptCount }) => attemptCount === 0);
    expect(attempted.length).toBeGreaterThanOrEqual(5);
    expect(waiting.length).toBeGreaterThan(10);
    // No attempt is counted for them, and they are there for whoever probes next.
    expect(waiting.every(({ nextAttemptAt, status }) => nextAttemptAt !== null && status === 'pending')).toBe(
      true,
    );
  });
});

const QUEUES = daily(['bull'], 'in-process');
const ENDPOINTS = 20;
const ROUNDS = 3;
/** With the default timeout in a long run, else a seventh of everything. */
const {
  timeout,
  slowMs,
  seconds: SECONDS,
} = LONG
  ? ({ timeout: '15s', slowMs: 10_000, seconds: 20 } as const)
  : ({ timeout: '2s', slowMs: 1_500, seconds: 2 } as const);
/** Below it, a ratio says more of the machine than of us; the many arrivals of a long run say more. */
const NOTICEABLE_MS = LONG ? 0 : 40;
const BACKLOG = 50_000;
/** Over twice what one endpoint that answers after 20 ms can get meanwhile, at 40 requests at once. */
const MORE_THAN_IT_GETS = 10_000 * SECONDS;
/** Far from the minute or more that the backlog takes; the machine itself is busy here. */
const SOON_MS = 500;
/** The same while 50,000 deliveries are looked at, which is the work of a second or two on a slow machine. */
const SOON_BESIDE_A_LOOK_MS = 2_000;

const BAD = {
  'hangs until its timeout': () => undefined,
  'answers after most of its timeout': (response: ServerResponse) =>
    void setTimeout(() => response.writeHead(200).end(), slowMs),
  'is down, with 50,000 deliveries that have just come due': (response: ServerResponse) => response.destroy(),
} as const;

describe.each(QUEUES)('One endpoint of twenty, over the %s queue', { timeout: 300_000 }, (queue) => {
  let t: SendingApp;
  let load: Load;
  let badId: string;

  beforeEach(async () => {
    t = await sendingApp({
      database: 'postgres',
      queue,
      clock: false,
      webhooks: { delivery: { timeout, pollInterval: '200ms' } },
    });
    load = new Load(t, ENDPOINTS);
    badId = await load.endpoints();
    await load.p95(1);
  });
  afterEach(() => t.stop());

  const backlog = (count: number): Promise<void> =>
    storeBacklog(t.dataSource, {
      endpointId: badId,
      tenant: BAD_TENANT,
      count,
      at: Date.now() - 1_000,
      as: 'pending',
    });

  it.each(Object.entries(BAD))('that %s, delays none of the others', async (name, bad) => {
    const good = load.bad;
    const rounds: { without: number; with: number }[] = [];
    const isFine = (round: { without: number; with: number }): boolean =>
      round.with <= Math.min(SOON_MS, Math.max(1.5 * round.without, NOTICEABLE_MS));
    load.bad = bad;
    if (name.includes('come due')) {
      await backlog(BACKLOG);
      // All of it is looked at in this time.
      expect(await load.p95(SECONDS)).toBeLessThan(SOON_BESIDE_A_LOOK_MS);
    }
    // Below what is noticeable it is fine whatever it is without, which then need not be measured.
    if (NOTICEABLE_MS > 0) rounds.push({ without: 0, with: await load.p95(SECONDS) });
    // A busy machine can spoil a round, but not three in a row.
    while (rounds.length < ROUNDS && !rounds.some(isFine)) {
      load.bad = good;
      const without = await load.p95(SECONDS);
      load.bad = bad;
      rounds.push({ without, with: await load.p95(SECONDS) });
    }
    if (process.env.DEBUG_TESTS) console.log(queue, name, rounds);
    expect(rounds.some(isFine), JSON.stringify(rounds)).toBe(true);
  });

  it('that is busy with many deliveries, lets the others have their first attempts at once', async () => {
    load.bad = (response) => void setTimeout(() => response.writeHead(200).end(), 20);
    await backlog(MORE_THAN_IT_GETS);
    await t.relay.runOnce();
    const p95s = [await load.p95(SECONDS)];
    if (p95s[0]! > SOON_MS) p95s.push(await load.p95(SECONDS));
    if (process.env.DEBUG_TESTS) console.log(queue, 'busy', p95s);
    // First come, first served: the others would wait until all of it is sent.
    const left = await t.dataSource
      .getRepository(WebhookDelivery)
      .countBy({ endpointId: badId, attemptCount: 0 });
    expect(left).toBeGreaterThan(MORE_THAN_IT_GETS / 2);
    expect(Math.min(...p95s)).toBeLessThan(SOON_MS);
  });

  it('that is emitted to without a pause, lets the others have their first attempts at once', async () => {
    load.bad = (response) => void setTimeout(() => response.writeHead(200).end(), 20);
    const flood = { on: true, emitted: 0 };
    const caller = async (): Promise<void> => {
      for (; flood.on; flood.emitted++) await t.webhooks.emit('post.published', {}, { tenant: BAD_TENANT });
    };
    const callers = Array.from({ length: 50 }, caller);
    // More is under way than the queue has room for.
    while (flood.emitted < 4_000) await new Promise((resolve) => setTimeout(resolve, 50));
    const p95 = await load.p95(SECONDS);
    flood.on = false;
    await Promise.all(callers);
    if (process.env.DEBUG_TESTS) console.log(queue, 'flooded', p95, flood.emitted);
    expect(p95).toBeLessThan(SOON_MS);
  });

  describe('beside a tenant that has much due at once', () => {
    /** Of 50 requests at once, each answered after 50 ms, a worker makes 1,000 a second at most: some is left after all rounds. */
    const MUCH = 5_000 * SECONDS;

    /** What the others may notice, in the best of three rounds: a busy machine can spoil one. */
    async function expectUnnoticed(begin: () => Promise<unknown>, noticedMs = 20): Promise<void> {
      const rounds: { alone: number; beside: number }[] = [];
      const isUnnoticed = ({ alone, beside }: { alone: number; beside: number }): boolean =>
        beside <= 1.5 * alone + noticedMs;
      const alone = await load.p95(SECONDS);
      await begin();
      while (rounds.length < ROUNDS && !rounds.some(isUnnoticed)) {
        rounds.push({ alone, beside: await load.p95(SECONDS) });
      }
      const left = await t.dataSource
        .getRepository(WebhookDelivery)
        .countBy({ tenant: 'large', status: 'pending' });
      if (process.env.DEBUG_TESTS) console.log(queue, rounds, left);
      expect(left, 'nothing was left to be beside of').toBeGreaterThan(0);
      expect(rounds.some(isUnnoticed), JSON.stringify(rounds)).toBe(true);
    }

    it('one event to many endpoints', async () => {
      load.bad = (response) => void setTimeout(() => response.writeHead(200).end(), 50);
      const { id } = await t.endpoint({ tenant: 'large', url: `${t.receiver.url}/bad` });
      await copyEndpoint(t, id, MUCH - 1);
      // Over Redis, each event of the others waits for a claim, in the one process here that sends, receives and measures.
      const noticedMs = queue === 'bull' ? 120 : undefined;
      await expectUnnoticed(() => t.webhooks.emit('post.published', {}, { tenant: 'large' }), noticedMs);
    });

    it('many events to one endpoint', async () => {
      load.bad = (response) => void setTimeout(() => response.writeHead(200).end(), 50);
      const { id: endpointId } = await t.endpoint({ tenant: 'large', url: `${t.receiver.url}/bad` });
      await expectUnnoticed(async () => {
        await storeBacklog(t.dataSource, {
          endpointId,
          tenant: 'large',
          count: MUCH,
          at: Date.now() - 1_000,
          as: 'pending',
        });
      });
    });

    it('100,000 deliveries for an endpoint that is down', async () => {
      load.bad = (response) => response.destroy();
      const { id: endpointId } = await t.endpoint({ tenant: 'large', url: `${t.receiver.url}/bad` });
      await expectUnnoticed(async () => {
        await storeBacklog(t.dataSource, {
          endpointId,
          tenant: 'large',
          count: 100_000,
          at: Date.now() - 1_000,
          as: 'pending',
        });
      });
    });
  });
});
