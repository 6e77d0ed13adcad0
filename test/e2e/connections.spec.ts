import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebhookDelivery } from 'nestjs-webhooks';
import { WebhookDeliveryRepository } from '../../lib/persistence/webhook-delivery.repository.js';
import { migratedDatabase } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import type { TestDatabase } from '../support/databases.js';
import { restApp, type RestApp } from '../support/rest-app.js';

const POOL = 5;
const WAITED_MS = 5_000;
/** By how much time goes on at once, and how long what has to do with sockets gets then. */
const STEP_MS = 100;
const REST_MS = 5;
const realSetTimeout = setTimeout;

describe.each(daily(['postgres', 'mysql'], 'mariadb'))('With a pool of five connections on %s', (kind) => {
  let t: RestApp;
  let database: TestDatabase;

  beforeEach(async () => {
    database = await migratedDatabase(kind);
    const options = { ...database.options, poolSize: POOL } as typeof database.options;
    t = await restApp({ on: { ...database, options } });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await t.stop();
    await database.drop();
  });

  const emit = (options: object = {}): Promise<unknown> =>
    t.webhooks.emit('post.published', {}, { tenant: 'acme', ...options });

  /** Takes every connection for a transaction of the app, and runs `work` in each of them. */
  async function inAllTransactions<Result>(
    work: () => Promise<Result>,
  ): Promise<PromiseSettledResult<Result>[]> {
    let open = 0;
    return Promise.allSettled(
      Array.from({ length: POOL }, () =>
        t.dataSource.transaction(async () => {
          open++;
          await until(() => open === POOL);
          return work();
        }),
      ),
    );
  }

  it('a call that waits for a connection which its own caller holds fails after five seconds, with advice', async () => {
    await t.endpoint('acme');
    await emit();
    await t.settled();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const waiting: Promise<unknown>[] = [];
    const transactions = inAllTransactions(async () => {
      waiting.push(emit());
      if (waiting.length === POOL) waiting.push(t.as('acme').get('/'), t.relay.runOnce());
      await until(() => waiting.length >= POOL);
      // None of them lets its connection go before all that wait have ended.
      await Promise.allSettled(waiting);
    });
    await until(() => waiting.length === POOL + 2);
    const advanced = await advancedUntil(transactions);
    expect(advanced).toBeGreaterThanOrEqual(WAITED_MS);
    // A group of emits may leave once the one before has ended.
    expect(advanced).toBeLessThan(2 * WAITED_MS + 1_000);
    const busy = { code: 'webhooks/database-busy', message: expect.stringContaining('pass its manager') };
    const [listed] = waiting.splice(POOL, 1);
    for (const one of waiting) await expect(one).rejects.toMatchObject(busy);
    expect(await listed).toMatchObject({ status: 503, body: busy });
    vi.useRealTimers();
    // The connections that came too late are free again.
    await Promise.all(Array.from({ length: 2 * POOL }, () => emit()));
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(1 + 2 * POOL);
  });

  it('a worker that waits longer still records the outcome', async () => {
    await t.endpoint('acme');
    let answer!: () => void;
    t.receiver.answer = (_, response) => (answer = () => response.writeHead(200).end());
    await emit();
    await t.receiver.received(1);
    const recorded = vi.spyOn(t.app.get(WebhookDeliveryRepository), 'record');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let end!: () => void;
    const held = new Promise<void>((resolve) => (end = resolve));
    let isHeld = false;
    const transactions = inAllTransactions(() => {
      isHeld = true;
      return held;
    });
    await until(() => isHeld);
    answer();
    await until(() => recorded.mock.calls.length > 0);
    await vi.advanceTimersByTimeAsync(3 * WAITED_MS);
    expect(recorded.mock.calls.length).toBeGreaterThan(1);
    end();
    await transactions;
    await advancedUntil(t.settled());
    vi.useRealTimers();
    const [delivery] = await t.dataSource.getRepository(WebhookDelivery).find();
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(t.receiver.arrivals).toHaveLength(1);
  });

  it('connections that no longer accept writes are dropped, so that events reach the new primary', async () => {
    await t.endpoint('acme');
    const demote = {
      postgres: 'SET default_transaction_read_only = on',
      mariadb: 'SET SESSION TRANSACTION READ ONLY',
      mysql: 'SET SESSION TRANSACTION READ ONLY',
    }[kind];
    // Those of the pool are demoted, those that are made from now on are not.
    const runners = Array.from({ length: POOL }, () => t.dataSource.createQueryRunner());
    for (const runner of runners) await runner.connect();
    for (const runner of runners) await runner.query(demote).finally(() => runner.release());
    // What fails in the app's transaction fails; it takes its connection along.
    const failed: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      await t.dataSource
        .transaction((manager) => emit({ manager }))
        .catch((error: unknown) => failed.push(error));
    }
    expect(failed).toHaveLength(3);
    for (let n = 0; n < POOL; n++) await emit();
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(POOL);
    await t.dataSource.transaction((manager) => emit({ manager }));
  });
});

/** Moves the timers on until the work is done; gives by how many ms. */
async function advancedUntil(work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  const goesOn = (): boolean => !isDone;
  let advanced = 0;
  for (; goesOn(); advanced += STEP_MS) {
    await vi.advanceTimersByTimeAsync(STEP_MS);
    await new Promise((resolve) => realSetTimeout(resolve, REST_MS));
  }
  await done;
  return advanced;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}
