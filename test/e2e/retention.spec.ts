import { afterEach, expect, it, vi } from 'vitest';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

let t: SendingApp | undefined;
afterEach(async () => {
  // Before the timers: the spy would put back the fake one that it was put on.
  vi.restoreAllMocks();
  vi.useRealTimers();
  await t?.stop();
});

/** Time also goes by itself: SQLite's writes rest between two batches. */
const fakeTimers = (): unknown =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });

const start = async (): Promise<SendingApp> => {
  fakeTimers();
  t = await sendingApp({ webhooks: { retention: '1d' } });
  return t;
};
const send = async (): Promise<void> => {
  await t!.webhooks.emit('post.published', {}, { tenant: 'acme' });
  await t!.settled();
};
const logged = async (): Promise<number> =>
  (await t!.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data.length;

it('prunes within a minute of the start, and every ten minutes', async () => {
  const { clock, endpoint } = await start();
  await endpoint();
  await send();
  clock.advance('2d');

  await vi.advanceTimersByTimeAsync(60_000);
  await vi.waitFor(async () => expect(await logged()).toBe(0));
  await send();
  clock.advance('2d');
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  expect(await logged()).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.waitFor(async () => expect(await logged()).toBe(0));
});

it('has many processes that start together prune one after the other', async () => {
  const delays = new Set<number | undefined>();
  fakeTimers();
  const timers = vi.spyOn(globalThis, 'setTimeout');
  for (let processes = 0; processes < 3; processes++) {
    t = await sendingApp({ webhooks: { retention: '1d' } });
    const first = timers.mock.calls
      .map(([, delay]) => delay)
      .find((delay = 0) => delay >= 30_000 && delay <= 60_000);
    delays.add(first);
    timers.mockClear();
    await t.stop();
  }
  t = undefined;
  expect([delays.size, delays.has(undefined)]).toEqual([3, false]);
});
