import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bull';
import { afterEach, describe, expect, it } from 'vitest';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import { BullQueueModule } from '../../lib/dispatch/bull/bull-queue.module.js';
import { InProcessQueue } from '../../lib/dispatch/in-process.queue.js';
import {
  ENTRY_SIZE,
  MOST_ENTRIES,
  type QueueEntry,
  type WebhookQueue,
} from '../../lib/dispatch/webhook-queue.js';
import { FaultProxy } from '../chaos/fault-proxy.js';
import { webhookQueueContract } from '../contracts/webhook-queue.contract.js';
import { redisFor } from '../support/redis.js';

const OPTIONS = Symbol('options');
const started: TestingModule[] = [];
const entry = (token: string): QueueEntry => ({
  token,
  expiresAt: 1_700_000_000_000,
  deliveryIds: ['dlv_1'],
});

afterEach(async () => {
  for (const module of started.splice(0)) await module.close();
});

async function bullQueue(
  options: { redis: string; redisPrefix: string },
  worker = true,
): Promise<WebhookQueue> {
  class OptionsModule {}
  const module = await Test.createTestingModule({
    imports: [
      {
        module: OptionsModule,
        global: true,
        providers: [{ provide: OPTIONS, useValue: options }],
        exports: [OPTIONS],
      },
      BullQueueModule.register(OPTIONS, worker),
    ],
  }).compile();
  await module.init();
  started.push(module);
  const queue = module.get<WebhookQueue & { queue: Queue }>(WEBHOOKS_QUEUE, {
    strict: false,
  });
  await queue.queue.client.ping();
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
];

describe.each(DRIVERS)('A webhook queue: $name', ({ create }) => {
  it.each(webhookQueueContract.map((contract) => [contract.name, contract] as const))(
    '%s',
    async (_, contract) => {
      await contract.run(await create());
    },
  );
});

describe('Bull while Redis is away', () => {
  it('takes pushes without waiting, and has no room', async () => {
    const queue = await offlineQueue();
    queue.push([entry('lost')]);
    expect(queue.hasRoom(0)).toBe(false);
    expect(await queue.room()).toBe(0);
  });
});

describe('Bull with a worker that hangs', () => {
  it('has room for others once all that waited is in its hands', async () => {
    const options = redisFor();
    const hanging = await bullQueue(options);
    let release = (): void => undefined;
    const hangs = new Promise<boolean>((resolve) => (release = () => resolve(true)));
    const allTaken = new Promise<void>((resolve) => {
      let taken = 0;
      hanging.consume(() => {
        if (++taken === MOST_ENTRIES) resolve();
        return hangs;
      }, 500);
    });
    hanging.push(Array.from({ length: MOST_ENTRIES }, (_, n) => entry(`${n}`)));
    await allTaken;
    const other = await bullQueue(options, false);
    expect(await other.room()).toBe(ENTRY_SIZE);
    expect(other.hasRoom(0)).toBe(true);
    expect(other.hasRoom(1)).toBe(false);
    release();
  });
});

describe('Bull while Redis answers nothing', () => {
  it('has no room after a second, and takes pushes without waiting', async () => {
    const { redis, redisPrefix } = redisFor();
    const proxy = await FaultProxy.start(redis);
    const queue = await bullQueue({ redis: proxy.url, redisPrefix }, false);
    expect(await queue.room()).toBeGreaterThan(0);
    proxy.freeze('answers');
    const since = performance.now();
    expect(await queue.room()).toBe(0);
    expect(performance.now() - since).toBeLessThan(3_000);
    queue.push([entry('stuck')]);
    expect(queue.hasRoom(0)).toBe(false);
    proxy.heal();
    while ((await queue.room()) === 0);
    await started.pop()!.close();
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
        providers: [{ provide: OPTIONS, useValue: options }],
        exports: [OPTIONS],
      },

      BullQueueModule.register(OPTIONS, false),
    ],
  }).compile();
  module.useLogger(false);
  await module.init();
  return module.get<WebhookQueue>(WEBHOOKS_QUEUE, { strict: false });
}
