import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
      webhooks: { delivery: { timeout: '600ms', concurrency: 10, pollInterval: '1h' } },
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

    const deliveries = await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 100 });
    const attempted = deliveries.filter(({ attemptCount }) => attemptCount > 0);
    const waiting = deliveries.filter(({ attemptCount }) => attemptCount === 0);
    expect(attempted.length).toBeGreaterThanOrEqual(5);
    expect(waiting.length).toBeGreaterThan(10);
    // No attempt is counted for them, and they do not all come back at once.
    expect(
      waiting.every(({ leaseToken, nextAttemptAt }) => leaseToken === null && nextAttemptAt !== null),
    ).toBe(true);
    expect(new Set(waiting.map(({ nextAttemptAt }) => nextAttemptAt)).size).toBeGreaterThan(5);
  });
});
