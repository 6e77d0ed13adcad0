import { getQueueToken } from '@nestjs/bull';
import type { DynamicModule, ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { WEBHOOKS_DATABASE_IDENTITY, WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import { WEBHOOKS_BULL_QUEUE } from '../../lib/dispatch/bull/bull.queue.js';
import { BullQueueModule } from '../../lib/dispatch/bull/bull-queue.module.js';
import { WEBHOOKS_BULLMQ_QUEUE } from '../../lib/dispatch/bullmq/bullmq.queue.js';
import { BullmqQueueModule } from '../../lib/dispatch/bullmq/bullmq-queue.module.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';

export type QueueLibrary = 'Bull' | 'BullMQ';

export interface RedisOptions {
  readonly redis?: string | object;
  readonly redisPrefix?: string;
}

const OPTIONS = Symbol('options');

const moduleOf = (library: QueueLibrary, worker: boolean): DynamicModule =>
  library === 'Bull' ? BullQueueModule.register(OPTIONS, worker) : BullmqQueueModule.register(OPTIONS);

/** A queue that looks to Redis like one of another process. It also works while Redis is down. */
export async function redisQueue(
  library: QueueLibrary,
  options: RedisOptions,
  worker: boolean,
  imports: NonNullable<ModuleMetadata['imports']> = [],
): Promise<{ module: TestingModule; queue: WebhookQueue }> {
  class OptionsModule {}
  const module = await Test.createTestingModule({
    imports: [
      ...imports,
      {
        module: OptionsModule,
        global: true,
        providers: [
          { provide: OPTIONS, useValue: options },
          { provide: WEBHOOKS_DATABASE_IDENTITY, useValue: 'test' },
        ],
        exports: [OPTIONS, WEBHOOKS_DATABASE_IDENTITY],
      },
      moduleOf(library, worker),
    ],
  }).compile();
  module.useLogger(false);
  await module.init();
  return { module, queue: module.get<WebhookQueue>(WEBHOOKS_QUEUE, { strict: false }) };
}

/** Resolves when Redis responds to the queue. */
export async function connected(queue: WebhookQueue): Promise<void> {
  while ((await queue.problem()) !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}

export const jobCounts = (module: TestingModule, library: QueueLibrary): Promise<Record<string, number>> =>
  module
    .get<{ getJobCounts(): Promise<Record<string, number>> }>(
      getQueueToken(library === 'Bull' ? WEBHOOKS_BULL_QUEUE : WEBHOOKS_BULLMQ_QUEUE),
      { strict: false },
    )
    .getJobCounts();
