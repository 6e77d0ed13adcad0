import { afterEach, describe, expect, it } from 'vitest';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { daily } from '../support/daily.js';
import { EVENTS, sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';
import { startProcess, type SendingProcess } from '../support/sending-process.js';

const REDIS_PREFIX = '{stopping}';

// Real processes in real time.
const WEBHOOKS: Partial<WebhooksModuleOptions> = {
  delivery: { timeout: '20s', lease: '60s', pollInterval: '100ms', shutdownGrace: '300ms' },
};

const STACKS: readonly (SendingAppOptions & { name: string })[] = daily(
  [{ name: 'PostgreSQL and Bull', database: 'postgres', queue: 'bull' }],
  { name: 'PostgreSQL and the in-process queue', database: 'postgres', queue: 'in-process' },
  { name: 'MariaDB and Bull', database: 'mariadb', queue: 'bull' },
);

// What a worker that is killed leaves to others, and one that is asked to stop finishes, is in the fault suite.
describe.each(STACKS)('A worker that is asked to stop, on $name', (stack) => {
  let emitter: SendingApp;
  const processes: SendingProcess[] = [];

  const startWorker = async (): Promise<SendingProcess> => {
    const bull =
      stack.queue === 'bull' ? { redis: process.env.TEST_REDIS_URL!, redisPrefix: REDIS_PREFIX } : {};
    const worker = await startProcess(emitter.database.options, { events: EVENTS, ...WEBHOOKS, ...bull });
    processes.push(worker);
    return worker;
  };
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.kill()));
    await emitter.stop();
  });

  it('cuts hanging requests, and leaves their deliveries to the next worker at once', async () => {
    const webhooks = { ...WEBHOOKS, worker: false };
    emitter = await sendingApp({ ...stack, redisPrefix: REDIS_PREFIX, clock: false, webhooks });
    await emitter.endpoint();
    const worker = await startWorker();
    emitter.receiver.answer = () => undefined;
    const emitted = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        emitter.webhooks.emit('post.published', { n }, { tenant: 'acme' }),
      ),
    );
    await emitter.receiver.received(5);
    const since = performance.now();
    expect(await worker.terminate()).not.toBe(1);
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(worker.errors()).toBe('');

    const unanswered = new Set(emitted.map(({ id }) => id));
    const allAnswered = new Promise<void>((resolve) => {
      emitter.receiver.answer = ({ headers }, response) => {
        response.writeHead(200).end();
        unanswered.delete(String(headers['webhook-id']));
        if (unanswered.size === 0) resolve();
      };
    });
    await startWorker();
    // Long before a lease of a minute ends.
    await allAnswered;
  });
});
