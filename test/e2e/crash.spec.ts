import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { EVENTS, sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';
import { startProcess, type SendingProcess } from '../support/sending-process.js';

const REDIS_PREFIX = '{crash}';

// Real processes in real time: leases of two seconds instead of thirty.
const FAST: Partial<WebhooksModuleOptions> = {
  delivery: { timeout: '1s', lease: '2s', pollInterval: '100ms' },
  retry: { schedule: ['2s', '4s'] },
};

const STACKS: (SendingAppOptions & { name: string })[] = [
  { name: 'PostgreSQL and Bull', database: 'postgres', queue: 'bull' },
  { name: 'PostgreSQL and the in-process queue', database: 'postgres', queue: 'in-process' },
  { name: 'MariaDB and Bull', database: 'mariadb', queue: 'bull' },
];

describe.each(STACKS)('A crash on $name', (stack) => {
  let emitter: SendingApp;
  const processes: SendingProcess[] = [];

  const start = async (delivery: WebhooksModuleOptions['delivery'] = {}): Promise<void> => {
    emitter = await sendingApp({
      ...stack,
      redisPrefix: REDIS_PREFIX,
      clock: false,
      webhooks: { ...FAST, worker: false, delivery: { ...FAST.delivery, ...delivery } },
    });
  };
  const startWorker = async (delivery: WebhooksModuleOptions['delivery'] = {}): Promise<SendingProcess> => {
    const bull =
      stack.queue === 'bull' ? { redis: process.env.TEST_REDIS_URL!, redisPrefix: REDIS_PREFIX } : {};
    const worker = await startProcess(emitter.database.options, {
      events: EVENTS,
      ...FAST,
      ...bull,
      delivery: { ...FAST.delivery, ...delivery },
    });
    processes.push(worker);
    return worker;
  };
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.kill()));
    await emitter.stop();
  });

  const emitMany = async (count: number): Promise<string[]> => {
    const emitted = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        emitter.webhooks.emit('post.published', { n }, { tenant: 'acme' }),
      ),
    );
    return emitted.map(({ id }) => id).sort();
  };
  const answered = new Set<string>();
  const allAnswered = (ids: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      emitter.receiver.answer = ({ headers }, response) => {
        response.writeHead(200).end();
        answered.add(String(headers['webhook-id']));
        if (ids.every((id) => answered.has(id))) resolve();
      };
    });

  it('loses nothing when a worker is killed with requests in flight', async () => {
    await start();
    await emitter.endpoint();
    const victim = await startWorker();
    // Requests that are never answered are in flight when the worker dies.
    emitter.receiver.answer = () => undefined;
    const ids = await emitMany(20);
    await emitter.receiver.received(3);
    await victim.kill();

    const done = allAnswered(ids);
    await startWorker();
    await done;
    expect(
      emitter.receiver.arrivals.every(({ headers }) => ids.includes(String(headers['webhook-id']))),
    ).toBe(true);
  });

  it('finishes what is in flight when a worker is asked to stop', async () => {
    await start();
    await emitter.endpoint();
    const worker = await startWorker();
    let answer = (): void => undefined;
    emitter.receiver.answer = (_, response) => {
      answer = () => response.writeHead(200).end();
    };
    await emitMany(1);
    await emitter.receiver.received(1);
    const ended = worker.terminate();
    answer();
    await ended;

    const [delivery] = (await emitter.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(emitter.receiver.arrivals).toHaveLength(1);
  });

  it('cuts what hangs when a worker is asked to stop, and leaves it to the next one at once', async () => {
    await start({ timeout: '20s', lease: '60s' });
    await emitter.endpoint();
    const worker = await startWorker({ timeout: '20s', lease: '60s', shutdownGrace: '300ms' });
    emitter.receiver.answer = () => undefined;
    const ids = await emitMany(20);
    await emitter.receiver.received(5);
    const since = performance.now();
    expect(await worker.terminate()).not.toBe(1);
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(worker.errors()).toBe('');

    const done = allAnswered(ids);
    await startWorker();
    // Long before a lease of a minute ends.
    await done;
  });

  if (stack.queue === 'bull') {
    it('loses nothing when Redis is flushed with retries and new deliveries waiting', async () => {
      await start();
      await emitter.endpoint();
      const redis = new Redis(process.env.TEST_REDIS_URL!);
      emitter.receiver.answer = 500;
      const retried = await emitMany(5);
      const worker = await startWorker();
      await emitter.receiver.received(5);
      await worker.kill();
      const fresh = await emitMany(5);
      const keys = await redis.keys(`${REDIS_PREFIX}*`);
      // Only this test's keys: others run on the same server.
      if (keys.length > 0) await redis.del(keys);
      redis.disconnect();

      const done = allAnswered([...retried, ...fresh]);
      await startWorker();
      await done;
    });
  }
});
