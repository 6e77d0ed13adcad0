import { expect, it } from 'vitest';
import { daily } from '../support/daily.js';
import { sendingApp } from '../support/sending-app.js';

/** The most that came within any second. */
function mostInASecond(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [last, at] of times.entries()) {
    while (at - times[first]! >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

it.each(daily([600], 334))(
  'An endpoint with a limit of %d requests a second never gets more, and no burst',
  async (rateLimit) => {
    const t = await sendingApp({ clock: false, webhooks: { delivery: { pollInterval: '1s' } } });
    try {
      await t.endpoint({ rateLimit });
      const times: number[] = [];
      t.receiver.answer = (_, response) => {
        times.push(performance.now());
        response.end();
      };
      const startedAt = performance.now();
      while (performance.now() - startedAt < 4_000) {
        const some = Array.from({ length: Math.ceil(rateLimit / 8) }, () =>
          t.webhooks.emit('post.published', {}, { tenant: 'acme' }),
        );
        await Promise.all(some);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const seconds = (times.at(-1)! - times[0]!) / 1_000;
      expect(seconds).toBeGreaterThan(3);
      // How few it may be is for `unit/rate-slots` to say: a machine that runs other things emits too few here.
      expect(times.length).toBeLessThanOrEqual(rateLimit * seconds * 1.02 + 1);
      // Two hundredths for what is made up for, and as much for what the network and the receiver bunch.
      expect(mostInASecond(times)).toBeLessThanOrEqual(rateLimit * 1.04 + 1);
    } finally {
      await t.stop();
    }
  },
  30_000,
);
