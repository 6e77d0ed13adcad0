import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bull';
import { afterEach, describe, expect, it } from 'vitest';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import { BullQueueModule } from '../../lib/dispatch/bull/bull-queue.module.js';
import { InProcessQueue } from '../../lib/dispatch/in-process.queue.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { webhookQueueContract } from '../contracts/webhook-queue.contract.js';
import { redisFor } from '../support/redis.js';

const OPTIONS = Symbol('options');
const started: TestingModule[] = [];

afterEach(async () => {
  for (const module of started.splice(0)) await module.close();
});

async function bullQueue(options: { redis: string; redisPrefix: string }): Promise<WebhookQueue> {
  class OptionsModule {}
  const module = await Test.createTestingModule({
    imports: [
      {
        module: OptionsModule,
        global: true,
        providers: [{ provide: OPTIONS, useValue: options }],
        exports: [OPTIONS],
      },
      BullQueueModule.register(OPTIONS, true),
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
    queue.push([{ token: 'lost', deliveryIds: ['dlv_1'] }]);
    expect(queue.hasRoom(0)).toBe(false);
    expect(await queue.room()).toBe(0);
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
