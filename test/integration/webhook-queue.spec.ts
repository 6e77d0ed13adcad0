import { getQueueToken } from '@nestjs/bull';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Queue } from 'bull';
import { afterEach, describe, expect, it } from 'vitest';
import { WEBHOOKS_DATABASE_IDENTITY, WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import { BullQueue, WEBHOOKS_BULL_QUEUE } from '../../lib/dispatch/bull/bull.queue.js';
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

type BullOptions = ReturnType<typeof redisFor>;

const bullQueue = async (options: BullOptions, worker = true): Promise<WebhookQueue> =>
  (await bullModule(options, worker)).get(BullQueue, { strict: false });

/** As an app has it. */
const ownFirstQueue = async (options: BullOptions): Promise<WebhookQueue> =>
  (await bullModule(options, true)).get(WEBHOOKS_QUEUE, { strict: false });

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
    name: 'Bull, with a runner of its own',
    create: async () => ({ queue: await ownFirstQueue(redisFor()) }),
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

describe('Bull with a runner in the process that pushes', () => {
  const entries = (count: number): QueueEntry[] => Array.from({ length: count }, (_, n) => entry(`${n}`));

  it('hands an entry to it at once, and nothing to Redis', async () => {
    const options = redisFor();
    const queue = await ownFirstQueue(options);
    const taken: string[] = [];
    queue.consume(async ({ token }) => (taken.push(token), new Promise(() => undefined)), 500);
    queue.push(entries(2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual(['0', '1']);
    const other = await bullQueue(options, false);
    expect(await other.room()).toBe(other.capacity);
  });

  it('hands what that has no place for to another one, and goes on when it has', async () => {
    const options = redisFor();
    const queue = await ownFirstQueue(options);
    const own: string[] = [];
    let place = (): void => undefined;
    queue.consume(async ({ token }) => {
      own.push(token);
      return new Promise((resolve) => (place = () => resolve(true)));
    }, 500);
    // This process takes no further one from Bull, as one that has all that it can hold.
    const shared = started.at(-1)!.get<Queue>(getQueueToken(WEBHOOKS_BULL_QUEUE), { strict: false });
    await shared.pause(true, true);
    const other = await bullQueue(options);
    const others = new Promise<string[]>((resolve) => {
      const taken: string[] = [];
      other.consume(async ({ token }) => {
        if (taken.push(token) === 3) resolve(taken);
        return true;
      }, 500);
    });
    queue.push(entries(7));
    expect((await others).sort()).toEqual(['4', '5', '6']);
    expect(own).toEqual(['0', '1', '2', '3']);
    place();
    await new Promise((resolve) => setImmediate(resolve));
    queue.push([entry('next')]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(own.at(-1)).toBe('next');
  });

  it('hands it nothing more once it is closed', async () => {
    const queue = await ownFirstQueue(redisFor());
    const taken: string[] = [];
    queue.consume(async ({ token }) => taken.push(token) > 0, 500);
    await queue.close();
    queue.push(entries(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual([]);
  });
});

describe('Bull in a process that only emits', () => {
  it('has pushed, or gives back, all when it is closed', async () => {
    const options = redisFor();
    const emits = await bullQueue(options, false);
    const taken: string[] = [];
    const worker = await bullQueue(options);
    worker.consume(async ({ token }) => taken.push(token) > 0, 500);
    emits.push([entry('first')]);
    // While Redis is asked, and rests afterwards.
    await new Promise((resolve) => setImmediate(resolve));
    emits.push([entry('last')]);
    const givenBack = (await emits.close()).map(({ token }) => token);
    await started.splice(0, 1)[0]!.close();
    while (taken.length + givenBack.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect([...taken, ...givenBack].sort()).toEqual(['first', 'last']);
  });

  it('gives back, when it is closed, what it has pushed and nobody has taken, and nothing of others', async () => {
    const options = redisFor();
    const one = await bullQueue(options, false);
    const other = await bullQueue(options, false);
    one.push([entry('one')]);
    other.push([entry('other')]);
    await other.takeWaiting();
    other.push([entry('others')]);
    while ((await other.room()) !== other.capacity - ENTRY_SIZE);
    expect(await one.close()).toEqual([]);
    expect(await other.close()).toEqual([entry('others')]);
  });

  it('gives what waits to one taker only', async () => {
    const options = redisFor();
    const one = await bullQueue(options, false);
    const other = await bullQueue(options, false);
    one.push(['0', '1', '2'].map(entry));
    const takes = await Promise.all([one.takeWaiting(), other.takeWaiting(), one.takeWaiting()]);
    const rest = await one.takeWaiting();
    expect([...takes.flat(), ...rest].map(({ token }) => token).sort()).toEqual(['0', '1', '2']);
  });
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
