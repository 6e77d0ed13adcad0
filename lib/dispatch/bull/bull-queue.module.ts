import { BullModule, getSharedConfigToken, type BullModuleOptions } from '@nestjs/bull';
import type { DynamicModule, Provider } from '@nestjs/common';
import { heard } from '../../compat/redis-client.js';
import { WEBHOOKS_DATABASE_IDENTITY, WEBHOOKS_QUEUE } from '../../config/tokens.js';
import type { WebhooksOptions } from '../../config/webhooks-options.js';
import { bullConnection } from '../redis/redis-options.js';
import { defaultPrefix, LOCK_MS, STALLED_INTERVAL_MS } from '../redis/queue-settings.js';
import { BullProcessor } from './bull.processor.js';
import { BullQueue, WEBHOOKS_BULL_QUEUE } from './bull.queue.js';

/**
 * The queue over Bull. Without the option `redis` it uses the connection of the app's own `BullModule.forRoot`.
 * @param optionsToken the injection token of the module's options
 */
export class BullQueueModule {
  static register(optionsToken: string | symbol, worker: boolean): DynamicModule {
    const queue: Provider = { provide: WEBHOOKS_QUEUE, useExisting: BullQueue };
    return {
      module: BullQueueModule,
      imports: [
        BullModule.registerQueueAsync({
          name: WEBHOOKS_BULL_QUEUE,
          inject: [
            optionsToken,
            WEBHOOKS_DATABASE_IDENTITY,
            { token: getSharedConfigToken(), optional: true },
          ],
          useFactory: queueOptions,
        }),
      ],
      providers: [BullQueue, queue, ...(worker ? [BullProcessor] : [])],
      exports: [queue],
    };
  }
}

/**
 * @param shared the options of the app's own `BullModule.forRoot`: we take the connection from them and nothing else
 */
function queueOptions(
  { redis, redisPrefix }: WebhooksOptions,
  identity: string,
  shared?: BullModuleOptions,
): BullModuleOptions {
  const own = {
    prefix: redisPrefix ?? defaultPrefix(identity),
    settings: { lockDuration: LOCK_MS, stalledInterval: STALLED_INTERVAL_MS },
    defaultJobOptions: undefined,
    limiter: undefined,
  };
  if (redis !== undefined) return { ...own, createClient: undefined, ...bullConnection('redis', redis) };
  if (!shared) return own;
  const { url, redis: given = {}, createClient } = shared;
  // Clients that the app makes are used as they are.
  if (createClient) return { ...own, createClient: (...args) => heard(createClient(...args)) };
  const byOptions = bullConnection('BullModule.forRoot: redis', given);
  if (url === undefined) return { ...own, ...byOptions };
  const byUrl = bullConnection('BullModule.forRoot: url', url);
  return { ...own, url, redis: { ...byUrl.redis, ...byOptions.redis } };
}
