import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { IS_FULL_RUN } from '../support/daily.js';
import { copyEndpoint } from '../support/endpoints.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS } from '../support/stacks.js';

const MINUTE = 60_000;
const ENDPOINTS = IS_FULL_RUN ? 20_000 : 4_000;

describe.each(STACKS)('Delivery on $name', (stack) => {
  let t: SendingApp;

  beforeEach(async () => {
    t = await sendingApp(stack);
  });
  afterEach(() => t.stop());

  const emit = (data: object = { post_id: 'post_1' }): Promise<{ id: string; body: string }> =>
    t.webhooks.emit('post.published', data, { tenant: 'acme' });
  const only = async () => {
    const [delivery, ...others] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(others).toEqual([]);
    return t.webhooks.deliveries.get('acme', delivery!.id);
  };

  it('sends an event signed by both schemes to every endpoint that wants it', async () => {
    const wanting = await t.endpoint({ url: `${t.receiver.url}/exact`, events: ['post.published'] });
    await t.endpoint({ url: `${t.receiver.url}/group`, events: ['post.*'] });
    await t.endpoint({ url: `${t.receiver.url}/all`, events: ['*'] });
    await t.endpoint({ url: `${t.receiver.url}/other`, events: ['follower.*', 'post.created'] });
    await t.endpoint({ url: `${t.receiver.url}/off`, active: false });
    await t.endpoint({ url: `${t.receiver.url}/globex`, tenant: 'globex' });

    const event = await emit();

    const arrivals = await t.receiver.received(3);
    await t.settled();
    expect(t.receiver.arrivals.map(({ path }) => path).sort()).toEqual(['/all', '/exact', '/group']);
    const { body, headers } = arrivals.find(({ path }) => path === '/exact')!;
    expect(body).toBe(event.body);
    expect(JSON.parse(body)).toEqual({
      id: event.id,
      event_type: 'post.published',
      created_at: '2026-01-01T00:00:00Z',
      data: { post_id: 'post_1' },
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': event.id,
      'x-webhook-attempt': '1',
      'x-webhook-signature': createHmac('sha256', wanting.secret).update(body).digest('hex'),
    });
    const standard = new Webhook(wanting.secret);
    const signed = headers as Record<string, string>;
    const signedAt = new Date(Number(signed['webhook-timestamp']) * 1_000);
    expect(signedAt).toEqual(new Date(t.clock.now()));
    expect(signed['webhook-signature']).toBe(standard.sign(event.id, signedAt, body));
  });

  it('records the attempt with its response', async () => {
    await t.endpoint({ headers: { 'X-Team': 'blue', 'X-Webhook-Id': 'mine' } });
    t.receiver.answer = { status: 202, headers: { 'x-request-id': 'r1' }, body: 'thanks' };
    await emit();
    await t.receiver.received(1);
    await t.settled();

    const { attempts, ...delivery } = await only();
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1, statusCode: 202 });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      number: 1,
      outcome: 'succeeded',
      statusCode: 202,
      error: null,
      responseBody: 'thanks',
      startedAt: new Date(t.clock.now()).toISOString(),
    });
    expect(attempts[0]!.durationMs).toBeGreaterThanOrEqual(0);
    expect(attempts[0]!.responseHeaders).toMatchObject({ 'x-request-id': 'r1' });
    expect(attempts[0]!.requestHeaders).toMatchObject({ 'x-team': 'blue', 'x-webhook-attempt': '1' });
  });

  it('retries at 5, 15, 30, 60 and 120 minutes with the same bytes and fresh timestamps, then succeeds', async () => {
    await t.endpoint();
    t.receiver.nextAnswers.push(500, 500, 500, 500, 500, 200);
    const { id, body } = await emit();
    await t.receiver.received(1);
    await t.settled();
    const start = t.clock.now();
    const times = [0];
    for (const at of [5, 15, 30, 60, 120]) {
      await t.after(at * MINUTE - (t.clock.now() - start) - 1);
      expect(t.receiver.arrivals).toHaveLength(times.length);
      await t.after(1);
      await t.receiver.received(times.length + 1);
      await t.settled();
      times.push(at);
    }

    expect(t.receiver.arrivals.map((arrival) => arrival.body)).toEqual(Array(6).fill(body));
    expect(t.receiver.arrivals.map(({ headers }) => headers['webhook-id'])).toEqual(Array(6).fill(id));
    expect(t.receiver.arrivals.map(({ headers }) => Number(headers['webhook-timestamp']))).toEqual(
      times.map((minutes) => start / 1_000 + minutes * 60),
    );
    expect(t.receiver.arrivals.map(({ headers }) => headers['x-webhook-attempt'])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
    const { attempts, ...delivery } = await only();
    expect(delivery.status).toBe('succeeded');
    expect(attempts.map((attempt) => attempt.outcome)).toEqual([...Array(5).fill('retrying'), 'succeeded']);
  });

  it('fails for good after six attempts and sends nothing more', async () => {
    await t.endpoint();
    t.receiver.answer = 503;
    await emit();
    await t.receiver.received(1);
    await t.settled();
    for (const minutes of [5, 10, 15, 30, 60]) {
      const count = t.receiver.arrivals.length;
      await t.after(minutes * MINUTE);
      await t.receiver.received(count + 1);
      await t.settled();
    }
    await t.after(30 * 24 * 60 * MINUTE);

    expect(t.receiver.arrivals).toHaveLength(6);
    const { attempts, ...delivery } = await only();
    expect(delivery).toMatchObject({ status: 'failed', attemptCount: 6, nextAttemptAt: null });
    expect(attempts.at(-1)!.outcome).toBe('failed');
  });

  it('stores and sends nothing for a transaction that rolls back', async () => {
    await t.endpoint();
    const rolledBack = t.dataSource.transaction(async (manager) => {
      await t.webhooks.emit('post.published', {}, { tenant: 'acme', manager });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await t.after(MINUTE);

    expect((await t.webhooks.events.list({ tenant: 'acme' }, { limit: 10 })).data).toEqual([]);
    expect(t.receiver.arrivals).toEqual([]);
  });

  it('sends right after the caller’s own commit, and not before it', async () => {
    await t.endpoint();
    // A claim under way would wait here for SQLite's one connection.
    await t.settled();
    await t.dataSource.transaction(async (manager) => {
      await t.webhooks.emit('post.published', {}, { tenant: 'acme', manager });
      await manager.transaction(async (nested) => {
        await t.webhooks.emit('post.created', {}, { tenant: 'acme', manager: nested });
      });
      await t.settled();
      expect(t.receiver.arrivals).toEqual([]);
    });

    await t.receiver.received(2);
  });

  it('sends nothing for a savepoint that rolls back within a transaction that commits', async () => {
    await t.endpoint();
    await t.dataSource.transaction(async (manager) => {
      const nested = manager.transaction(async (inner) => {
        await t.webhooks.emit('post.created', {}, { tenant: 'acme', manager: inner });
        throw new Error('undo');
      });
      await expect(nested).rejects.toThrow('undo');
      await t.webhooks.emit('post.published', {}, { tenant: 'acme', manager });
    });
    await t.receiver.received(1);
    await t.settled();
    await t.after(MINUTE);

    expect(t.receiver.arrivals.map(({ body }) => JSON.parse(body).event_type)).toEqual(['post.published']);
  });

  it('stores an event once per idempotency key and tenant, also when two emits race', async () => {
    await t.endpoint();
    const key = { tenant: 'acme', idempotencyKey: 'order-1' };
    const [first, second] = await Promise.all([
      t.webhooks.emit('post.published', { n: 1 }, key),
      t.webhooks.emit('post.published', { n: 2 }, key),
    ]);
    const third = await t.webhooks.emit('post.published', { n: 3 }, key);
    const inTransaction = await t.dataSource.transaction((manager) =>
      t.webhooks.emit('post.published', { n: 4 }, { ...key, manager }),
    );
    await t.webhooks.emit('post.published', { n: 5 }, { ...key, tenant: 'globex' });
    await t.settled();

    expect(new Set([first.id, second.id, third.id, inTransaction.id]).size).toBe(1);
    expect(third.body).toBe(first.body);
    expect(t.receiver.arrivals).toHaveLength(1);
  });

  it('fans out to thousands of endpoints in a bounded number of statements', async () => {
    await t.stop();
    t = await sendingApp({ ...stack, webhooks: { worker: false } });
    const { id } = await t.endpoint();
    await copyEndpoint(t, id, ENDPOINTS - 1);
    const statements = countStatements(t);
    await emit();
    const emitting = statements.stop();

    expect(await t.dataSource.getRepository('WebhookDelivery').count()).toBe(ENDPOINTS);
    // MySQL: BEGIN, its isolation level, two statements, one for each thousand endpoints or so, COMMIT.
    expect(emitting).toBeLessThanOrEqual(10 + ENDPOINTS / 1_000);
  });

  it('groups what concurrent callers emit, and a bad one fails alone', async () => {
    await t.endpoint();
    const emits = Array.from({ length: 40 }, (_, n) => emit({ n }));
    const bad = t.webhooks.emit('post.published', { n: 1n }, { tenant: 'acme' });
    await expect(bad).rejects.toMatchObject({ code: 'webhooks/invalid-data' });
    await Promise.all(emits);
    await t.receiver.received(40);
    await t.settled();

    const received = t.receiver.arrivals.map(({ body }) => JSON.parse(body).data.n as number);
    expect(received.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('sends deliveries without a wake-up: when their lease ends, or at the next poll if they have none', async () => {
    await t.endpoint();
    await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 });
    const lost = await t.dataSource.transaction(async (manager) => {
      const event = await t.webhooks.emit('post.published', {}, { tenant: 'acme', manager });
      // A commit that the subscriber never hears of stands for a process that dies right after it.
      t.dataSource.subscribers.length = 0;
      return event;
    });
    await t.after(29_000);
    // Over Bull it has no lease: this poll sends it, or a wake-up has claimed it before the clock was moved, so that its lease ends next.
    if (stack.queue !== 'bull') expect(t.receiver.arrivals).toHaveLength(0);
    await t.after(1_000);

    const [arrival] = await t.receiver.received(1);
    expect(arrival!.headers['webhook-id']).toBe(lost.id);
  });

  it('does not let a worker record under a lease that another has taken', async () => {
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
    // The first worker stalls past its lease; a second one claims the row, and succeeds.
    t.clock.advance(31_000);
    await t.relay.runOnce();
    await t.receiver.received(2);
    release();
    await t.settled();

    const { attempts, ...delivery } = await only();
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['succeeded']);
  });
});

/** Counts what reaches the database, on SQLite below TypeORM. */
function countStatements(t: SendingApp): { stop(): number } {
  let count = 0;
  const subscriber = { beforeQuery: () => void count++ };
  t.dataSource.subscribers.push(subscriber);
  const driver = t.dataSource.driver as unknown as { databaseConnection?: { exec(sql: string): unknown } };
  const database = driver.databaseConnection;
  const exec = database?.exec.bind(database);
  if (database && exec) {
    database.exec = (sql) => {
      count += 2;
      return exec(sql);
    };
  }
  return {
    stop: () => {
      t.dataSource.subscribers.splice(t.dataSource.subscribers.indexOf(subscriber), 1);
      return count;
    },
  };
}
