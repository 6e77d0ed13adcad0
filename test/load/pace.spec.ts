import type { ServerResponse } from 'node:http';
import { describe, expect, it, type TestContext } from 'vitest';
import { daily } from '../support/daily.js';
import { copyEndpoint } from '../support/endpoints.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const QUEUES = daily(['in-process'], 'bull');

/** Stops it with its test, beside which others may run. */
const start = async (
  { onTestFinished: ended }: Pick<TestContext, 'onTestFinished'>,
  options: SendingAppOptions = {},
): Promise<SendingApp> => {
  const t = await sendingApp({ database: 'postgres', clock: false, ...options });
  ended(() => t.stop());
  return t;
};
const emitAll = async (t: SendingApp, count: number): Promise<void> => {
  const emit = (): Promise<unknown> => t.webhooks.emit('post.published', {}, { tenant: 'acme' });
  for (let left = count; left > 0; left -= 100)
    await Promise.all(Array.from({ length: Math.min(100, left) }, emit));
};
const answered = (ms: number, response: ServerResponse): void =>
  void setTimeout(() => response.writeHead(200).end(), ms);

describe('A receiver', { timeout: 60_000 }, () => {
  // These run at once: they wait for most of their time.
  it.concurrent.for(QUEUES)(
    'of 200 ms gets at least eighty requests a second, over the %s queue',
    async (queue, context) => {
      const t = await start(context, { queue });
      await t.endpoint();
      t.receiver.answer = (_, response) => answered(200, response);
      const since = performance.now();
      await emitAll(t, 700);
      await t.receiver.received(200);
      const widened = performance.now();
      // Five at once would take eight seconds.
      expect(widened - since).toBeLessThan(7_000);
      await t.receiver.received(700);
      expect((500 / (performance.now() - widened)) * 1_000).toBeGreaterThan(80);
    },
  );

  it.concurrent.for(QUEUES)(
    'with five hands sees no more than forty requests at once, over the %s queue',
    async (queue, context) => {
      const t = await start(context, { queue });
      await t.endpoint();
      const line: (() => void)[] = [];
      let working = 0;
      let most = 0;
      const next = (): void => {
        most = Math.max(most, working + line.length);
        while (working < 5 && line.length > 0) {
          working++;
          line.shift()!();
        }
      };
      t.receiver.answer = (_, response) => {
        line.push(() =>
          setTimeout(() => {
            working--;
            response.writeHead(200).end();
            next();
          }, 100),
        );
        next();
      };
      await emitAll(t, 300);
      await t.receiver.received(300);
      expect(most).toBeLessThanOrEqual(40);
      await t.settled();
    },
  );

  it.for(QUEUES)(
    'whose first answers are slow, and all later ones fast, is never waited for, over the %s queue',
    async (queue, context) => {
      const t = await start(context, { queue, webhooks: { delivery: { pollInterval: '1h' } } });
      await t.endpoint();
      let requests = 0;
      let latest = performance.now();
      let longestPause = 0;
      t.receiver.answer = (_, response) => {
        longestPause = Math.max(longestPause, performance.now() - latest);
        latest = performance.now();
        answered(requests++ < 20 ? 200 : 1, response);
      };
      await emitAll(t, 3_000);
      latest = performance.now();
      longestPause = 0;
      await t.receiver.received(3_000);
      // Less than the second for which it stood still again and again; a busy machine has pauses of its own.
      expect(longestPause).toBeLessThan(700);
    },
  );

  it.for(QUEUES)(
    'that answers 429 above ten at once does so to one in twenty at most, over the %s queue',
    async (queue, context) => {
      const t = await start(context, { queue });
      await t.endpoint();
      let working = 0;
      let refused = 0;
      t.receiver.answer = (_, response) => {
        if (working >= 10) {
          refused++;
          response.writeHead(429).end();
          return;
        }
        working++;
        response.once('close', () => working--);
        answered(20, response);
      };
      await emitAll(t, 1_000);
      await t.receiver.received(1_000);
      expect(refused).toBeLessThanOrEqual(50);
      await t.settled();
    },
  );
});

describe('A worker that may make 2,500 requests at once', () => {
  it('makes them', { timeout: 60_000 }, async (context) => {
    const t = await start(context, {
      webhooks: { delivery: { concurrency: 2_500, timeout: '20s', lease: '60s' } },
    });
    const { id } = await t.endpoint();
    await copyEndpoint(t, id, 699);
    const hanging: ServerResponse[] = [];
    t.receiver.answer = (_, response) => void hanging.push(response);
    await emitAll(t, 5);
    await t.relay.wake();
    // An eighth is left to servers that are not known yet.
    while (hanging.length < 2_150) await new Promise((resolve) => setTimeout(resolve, 20));
    t.receiver.answer = 200;
    for (const response of hanging) response.writeHead(200).end();
    await t.settled();
    expect(hanging.length).toBeLessThanOrEqual(2_500);
  });
});
