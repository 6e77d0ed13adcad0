import { BullModule, type BullModuleOptions } from '@nestjs/bull';
import type { DynamicModule, Provider } from '@nestjs/common';
import { WEBHOOKS_QUEUE } from '../../config/tokens.js';
import type { WebhooksOptions } from '../../config/webhooks-options.js';
import { BullProcessor } from './bull.processor.js';
import { BullQueue, WEBHOOKS_BULL_QUEUE } from './bull.queue.js';
import { OwnFirstQueue } from './own-first.queue.js';

const DEFAULT_PREFIX = '{webhooks}';
/** A dead worker's entries take up room for as long; they are worked off by another one then. */
const LOCK_MS = 20_000;
const STALLED_INTERVAL_MS = 10_000;

/**
 * The queue over Bull: where the option `redis` is not given, with the app's own `BullModule.forRoot`.
 * @param optionsToken where the module's options are found
 */
export class BullQueueModule {
  static register(optionsToken: string | symbol, worker: boolean): DynamicModule {
    const queue: Provider = {
      provide: WEBHOOKS_QUEUE,
      ...(worker ? { useClass: OwnFirstQueue } : { useExisting: BullQueue }),
    };
    return {
      module: BullQueueModule,
      imports: [
        BullModule.registerQueueAsync({
          name: WEBHOOKS_BULL_QUEUE,
          inject: [optionsToken],
          useFactory: queueOptions,
        }),
      ],
      providers: [BullQueue, queue, ...(worker ? [BullProcessor] : [])],
      exports: [queue],
    };
  }
}

function queueOptions({ redis, redisPrefix = DEFAULT_PREFIX }: WebhooksOptions): BullModuleOptions {
  // The app's root configuration is merged in: it may name the connection, and nothing else about our queue.
  const own = {
    prefix: redisPrefix,
    settings: { lockDuration: LOCK_MS, stalledInterval: STALLED_INTERVAL_MS },
    defaultJobOptions: undefined,
    limiter: undefined,
  };
  if (typeof redis === 'string') return { ...own, url: redis, redis: tlsOf(redis) };
  return redis === undefined ? own : { ...own, redis, url: undefined };
}

/** Bull does not look at the URL's scheme, and would talk to a TLS port in plain text. */
function tlsOf(url: string): { tls: object } | undefined {
  return url.startsWith('rediss:') ? { tls: {} } : undefined;
}
