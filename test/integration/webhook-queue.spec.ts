import type { TestingModule } from '@nestjs/testing';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { webhooksEntities } from 'nestjs-webhooks';
import { InProcessQueue } from '../../lib/dispatch/in-process.queue.js';
import { NotifyQueue } from '../../lib/dispatch/notify.queue.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { WebhooksDatabase } from '../../lib/persistence/sql/webhooks-database.js';
import { FaultProxy } from '../chaos/fault-proxy.js';
import { webhookQueueContract } from '../contracts/webhook-queue.contract.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { redisFor } from '../support/redis.js';
import {
  connected,
  jobCounts,
  redisQueue,
  type QueueLibrary,
  type RedisOptions,
} from '../support/redis-queues.js';

const started: TestingModule[] = [];
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  for (const module of started.splice(0)) await module.close();
});

/** Over a Redis that may be away. */
async function moduleOver(
  library: QueueLibrary,
  options: RedisOptions,
  worker: boolean,
): Promise<WebhookQueue> {
  const { module, queue } = await redisQueue(library, options, worker);
  started.push(module);
  return queue;
}

async function connectedQueue(
  library: QueueLibrary,
  options: RedisOptions,
  worker = true,
): Promise<WebhookQueue> {
  const queue = await moduleOver(library, options, worker);
  await connected(queue);
  return queue;
}

async function notifyQueue(database?: TestDatabase): Promise<WebhookQueue> {
  const own = database ? undefined : await createDatabase('postgres');
  const dataSource = await new DataSource({
    ...(database ?? own)!.options,
    entities: webhooksEntities,
  } as DataSourceOptions).initialize();
  const queue = new NotifyQueue(dataSource, new WebhooksDatabase(dataSource), 'test');
  cleanups.push(async () => {
    await queue.close();
    await dataSource.destroy();
    await own?.drop();
  });
  return queue;
}

const DRIVERS = [
  {
    name: 'the in-process queue',
    create: async () => ({ queue: new InProcessQueue() }),
  },
  {
    name: 'Bull',
    create: async () => ({ queue: await connectedQueue('Bull', redisFor()) }),
  },
  {
    name: 'BullMQ',
    create: async () => ({ queue: await connectedQueue('BullMQ', redisFor()) }),
  },
  {
    name: 'NOTIFY',
    create: async () => ({ queue: await notifyQueue() }),
  },
];

describe.each(DRIVERS)('A webhook queue: $name', ({ create }) => {
  it.each(webhookQueueContract.map((contract) => [contract.name, contract] as const))(
    '%s',
    async (_, contract) => {
      await contract.run(await create());
    },
  );
});

const called = (queue: WebhookQueue, hasMore: (call: number) => boolean = () => false): { calls: number } => {
  const counter = { calls: 0 };
  queue.onWake(async () => hasMore(++counter.calls));
  return counter;
};
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('NOTIFY', () => {
  it('wakes another worker where one has no room for all that is due', async () => {
    const database = await createDatabase('postgres');
    const full = await notifyQueue(database);
    const free = called(await notifyQueue(database));
    called(full, () => true);
    // It looks once when it begins to listen.
    await until(() => free.calls === 1);
    full.wake();
    await until(() => free.calls === 2);
    for (const cleanup of cleanups.splice(0)) await cleanup();
    await database.drop();
  });
});

describe.each(['Bull', 'BullMQ'] as const)('%s', (library) => {
  const queueOn = (options: RedisOptions, worker?: boolean): Promise<WebhookQueue> =>
    connectedQueue(library, options, worker);

  it('has one job at most, however often a worker is woken', async () => {
    const emits = await queueOn(redisFor(), false);
    for (let n = 0; n < 50; n++) emits.wake();
    await new Promise((resolve) => setTimeout(resolve, 100));
    emits.wake();
    expect(await jobCounts(started.at(-1)!, library)).toMatchObject({ waiting: 1, active: 0, delayed: 0 });
  });

  it('wakes a worker of another process, and looks once more when its job is done', async () => {
    const options = redisFor();
    const worker = called(await queueOn(options));
    const emits = await queueOn(options, false);
    emits.wake();
    await until(() => worker.calls === 2);
  });

  it('wakes another worker where one has no room for all that is due', async () => {
    const options = redisFor();
    const workers = [await queueOn(options), await queueOn(options)];
    const full = [called(workers[0]!, () => true), called(workers[1]!, () => true)];
    const emits = await queueOn(options, false);
    emits.wake();
    await until(() => full.every(({ calls }) => calls > 0));
  });

  it('wakes the worker of its own process while Redis is away', async () => {
    const redis = { host: '127.0.0.1', port: 1, retryStrategy: () => null, maxRetriesPerRequest: 0 };
    const queue = await moduleOver(library, { redis }, false);
    const worker = called(queue);
    queue.wake();
    expect(worker.calls).toBe(1);
    expect(await queue.problem()).toBe('Redis does not answer: workers find what is due at their next poll.');
  });

  it('takes wake-ups without waiting while Redis answers nothing, and goes on when it does', async () => {
    const { redis, redisPrefix } = redisFor();
    const proxy = await FaultProxy.start(redis);
    const emits = await queueOn({ redis: proxy.url, redisPrefix }, false);
    const worker = called(await queueOn({ redis, redisPrefix }));
    proxy.freeze('answers');
    emits.wake();
    emits.wake();
    expect(await emits.problem()).toContain('Redis does not answer');
    proxy.heal();
    await until(() => worker.calls > 0);
    await until(() => {
      emits.wake();
      return worker.calls > 5;
    });
    await Promise.all(started.splice(0).map((module) => module.close()));
    await proxy.stop();
  });

  it.each([
    ['away', 'nothing'],
    ['away', 'a job'],
    ['silent', 'nothing'],
    ['silent', 'a job'],
  ] as const)(
    'closes at once while Redis is %s and %s is under way, and rejects nothing',
    async (is, busy) => {
      const { redis, redisPrefix } = redisFor();
      const proxy = await FaultProxy.start(redis);
      const queue = await queueOn({ redis: proxy.url, redisPrefix });
      let end = (): void => undefined;
      const work = new Promise<boolean>((resolve) => (end = () => resolve(false)));
      const isBusy = new Promise<void>((resolve) => {
        queue.onWake(() => {
          resolve();
          return busy === 'a job' ? work : Promise.resolve(false);
        });
      });
      queue.wake();
      await isBusy;
      if (is === 'away') proxy.down();
      else proxy.freeze('requests', 'answers');
      queue.wake();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const since = performance.now();
      await Promise.all(started.splice(0).map((module) => module.close()));
      expect(performance.now() - since).toBeLessThan(1_000);
      end();
      proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await proxy.stop();
    },
  );
});
