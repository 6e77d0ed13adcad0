import { getQueueToken } from '@nestjs/bull';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bull';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { webhooksEntities } from 'nestjs-webhooks';
import { WEBHOOKS_DATABASE_IDENTITY, WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import { BullQueue, WEBHOOKS_BULL_QUEUE } from '../../lib/dispatch/bull/bull.queue.js';
import { BullQueueModule } from '../../lib/dispatch/bull/bull-queue.module.js';
import { InProcessQueue } from '../../lib/dispatch/in-process.queue.js';
import { NotifyQueue } from '../../lib/dispatch/notify.queue.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { WebhooksDatabase } from '../../lib/persistence/sql/webhooks-database.js';
import { FaultProxy } from '../chaos/fault-proxy.js';
import { webhookQueueContract } from '../contracts/webhook-queue.contract.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { redisFor } from '../support/redis.js';

const OPTIONS = Symbol('options');
const started: TestingModule[] = [];
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  for (const module of started.splice(0)) await module.close();
});

type BullOptions = ReturnType<typeof redisFor>;

const bullQueue = async (options: BullOptions, worker = true): Promise<WebhookQueue> =>
  (await bullModule(options, worker)).get(BullQueue, { strict: false });

async function bullModule(options: BullOptions, worker: boolean): Promise<TestingModule> {
  class OptionsModule {}
  const module = await Test.createTestingModule({
    imports: [
      {
        module: OptionsModule,
        global: true,
        providers: [
          { provide: OPTIONS, useValue: options },
          { provide: WEBHOOKS_DATABASE_IDENTITY, useValue: 'test' },
        ],
        exports: [OPTIONS, WEBHOOKS_DATABASE_IDENTITY],
      },
      BullQueueModule.register(OPTIONS, worker),
    ],
  }).compile();
  await module.init();
  started.push(module);
  await module.get<Queue>(getQueueToken(WEBHOOKS_BULL_QUEUE), { strict: false }).client.ping();
  return module;
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
    create: async () => ({ queue: await bullQueue(redisFor()) }),
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

describe('Bull', () => {
  it('has one job at most, however often a worker is woken', async () => {
    const options = redisFor();
    const emits = await bullQueue(options, false);
    for (let n = 0; n < 50; n++) emits.wake();
    await new Promise((resolve) => setTimeout(resolve, 100));
    emits.wake();
    const queue = started.at(-1)!.get<Queue>(getQueueToken(WEBHOOKS_BULL_QUEUE), { strict: false });
    await until(() => true);
    expect(await queue.getJobCounts()).toMatchObject({ waiting: 1, active: 0, delayed: 0 });
  });

  it('wakes a worker of another process, and looks once more when its job is done', async () => {
    const options = redisFor();
    const worker = called(await bullQueue(options));
    const emits = await bullQueue(options, false);
    emits.wake();
    await until(() => worker.calls === 2);
  });

  it('wakes another worker where one has no room for all that is due', async () => {
    const options = redisFor();
    const workers = [await bullQueue(options), await bullQueue(options)];
    const full = [called(workers[0]!, () => true), called(workers[1]!, () => true)];
    const emits = await bullQueue(options, false);
    emits.wake();
    await until(() => full.every(({ calls }) => calls > 0));
  });

  it('wakes the worker of its own process while Redis is away', async () => {
    const queue = await offlineQueue();
    const worker = called(queue);
    queue.wake();
    expect(worker.calls).toBe(1);
    expect(await queue.problem()).toBe('Redis does not answer: workers find what is due at their next poll.');
  });

  it('takes wake-ups without waiting while Redis answers nothing, and goes on when it does', async () => {
    const { redis, redisPrefix } = redisFor();
    const proxy = await FaultProxy.start(redis);
    const emits = await bullQueue({ redis: proxy.url, redisPrefix }, false);
    const worker = called(await bullQueue({ redis, redisPrefix }));
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
});

async function offlineQueue(): Promise<WebhookQueue> {
  class OptionsModule {}
  const options = {
    redis: { host: '127.0.0.1', port: 1, retryStrategy: () => null, maxRetriesPerRequest: 0 },
  };
  const module = await Test.createTestingModule({
    imports: [
      {
        module: OptionsModule,
        global: true,
        providers: [
          { provide: OPTIONS, useValue: options },
          { provide: WEBHOOKS_DATABASE_IDENTITY, useValue: 'test' },
        ],
        exports: [OPTIONS, WEBHOOKS_DATABASE_IDENTITY],
      },

      BullQueueModule.register(OPTIONS, false),
    ],
  }).compile();
  module.useLogger(false);
  await module.init();
  return module.get<WebhookQueue>(WEBHOOKS_QUEUE, { strict: false });
}
