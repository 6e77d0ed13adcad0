import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { WEBHOOKS_CLOCK } from '../../lib/config/tokens.js';
import { DatabaseClock } from '../../lib/persistence/database-clock.js';
import { WebhooksDatabase } from '../../lib/persistence/sql/webhooks-database.js';
import { migratedDatabase } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const HOUR = 3_600_000;
const POLLING: Partial<WebhooksModuleOptions> = { delivery: { pollInterval: '20ms' } };

describe.each(daily(['postgres'], 'mysql'))('Processes on %s whose clocks are an hour apart', (kind) => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  const database = async (): Promise<NonNullable<SendingAppOptions['on']>> => {
    const created = await migratedDatabase(kind);
    cleanups.push(() => created.drop());
    return created;
  };
  const processWith = async (options: SendingAppOptions): Promise<SendingApp> => {
    const t = await sendingApp({ clock: false, ...options });
    cleanups.push(() => t.stop());
    return t;
  };
  const emit = (t: SendingApp): Promise<unknown> => t.webhooks.emit('post.published', {}, { tenant: 'acme' });
  const timeOf = (t: SendingApp): number => t.app.get<DatabaseClock>(WEBHOOKS_CLOCK).now();
  /** What a relay finds that has just started, and looks again and again. */
  const rounds = async (t: SendingApp): Promise<void> => {
    for (let round = 0; round < 5; round++) await t.relay.runOnce();
    await t.settled();
  };

  it('use the time of the database, also after a machine’s clock was set', async () => {
    const on = await database();
    let machine = Date.now() - HOUR;
    const fast = await processWith({ on, clockErrorMs: HOUR });
    const slow = new DatabaseClock(fast.app.get(WebhooksDatabase), { now: () => machine });
    await slow.measure();
    expect(Math.abs(timeOf(fast) - slow.now())).toBeLessThan(1_000);
    machine += 2 * HOUR;
    await slow.measure();
    expect(Math.abs(timeOf(fast) - slow.now())).toBeLessThan(1_000);
  });

  it('take over no running request, and no attempt that is planned for later', async () => {
    const on = await database();
    const right = await processWith({ on });
    const fast = await processWith({ on, clockErrorMs: HOUR });
    await right.endpoint();
    let answer!: () => void;
    right.receiver.answer = (_, response) => (answer = () => response.writeHead(500).end());
    await emit(right);
    await right.receiver.received(1);
    await rounds(fast);
    expect(right.receiver.arrivals).toHaveLength(1);
    answer();
    await right.settled();
    // Its next attempt is due in five minutes.
    await rounds(fast);
    expect(right.receiver.arrivals).toHaveLength(1);
  });

  it.each([
    ['ahead', HOUR],
    ['behind', -HOUR],
  ])('send at once, and only once, what a process that is %s has stored', async (_, clockErrorMs) => {
    const on = await database();
    const web = await processWith({ on, clockErrorMs, webhooks: { worker: false } });
    await web.endpoint();
    const workers = [
      await processWith({ on, clockErrorMs: -clockErrorMs, webhooks: POLLING }),
      await processWith({ on, webhooks: POLLING }),
    ];
    const EVENTS = 20;
    await Promise.all(Array.from({ length: EVENTS }, () => emit(web)));
    await web.receiver.received(EVENTS);
    for (const worker of workers) await worker.settled();
    expect(web.receiver.arrivals).toHaveLength(EVENTS);
    expect(new Set(web.receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size).toBe(EVENTS);
  });

  it('sign right times again as soon as their machine wakes up', async () => {
    let slept = 0;
    // A clock that only goes on stands still while its machine sleeps.
    const t = await processWith({ on: await database(), clockErrorMs: () => -slept, webhooks: POLLING });
    await t.endpoint();
    const ageOfNext = async (): Promise<number> => {
      const known = t.receiver.arrivals.length;
      await emit(t);
      await t.receiver.received(known + 1);
      const { headers } = t.receiver.arrivals.at(-1)!;
      return Date.now() - Number(headers['webhook-timestamp']) * 1_000;
    };
    expect(await ageOfNext()).toBeLessThan(2_500);
    slept = 20 * 60_000;

    // Whatever asks for the time first has it measured, and the clocks are looked at every second.
    await vi.waitFor(async () => expect(await ageOfNext()).toBeLessThan(2_500), { timeout: 3_000 });
    expect(Math.abs(timeOf(t) - Date.now())).toBeLessThan(1_000);
  });

  it('measure their clock again within seconds after their machine wakes up, although nobody asks for the time', async () => {
    let slept = 0;
    const t = await processWith({
      on: await database(),
      clockErrorMs: () => -slept,
      webhooks: { worker: false },
    });
    slept = 20 * 60_000;
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    expect(Math.abs(timeOf(t) - Date.now())).toBeLessThan(1_000);
  });
});
