import { BullModule, getSharedConfigToken, type RegisterQueueOptions } from '@nestjs/bullmq';
import type { DynamicModule, Provider } from '@nestjs/common';
import type { QueueOptions } from 'bullmq';
import { heard } from '../../compat/redis-client.js';
import { WEBHOOKS_DATABASE_IDENTITY, WEBHOOKS_QUEUE } from '../../config/tokens.js';
import type { WebhooksOptions } from '../../config/webhooks-options.js';
import { defaultPrefix } from '../redis/queue-settings.js';
import { bullmqConnection } from '../redis/redis-options.js';
import { BullmqQueue, WEBHOOKS_BULLMQ_QUEUE } from './bullmq.queue.js';

/** Jobs carry no data, so nobody reads their history. */
const MAX_EVENTS = 100;

/**
 * The queue over BullMQ. Without the option `redis` it uses the connection of the app's own `BullModule.forRoot` of
 * `@nestjs/bullmq`.
 * @param optionsToken the injection token of the module's options
 */
export class BullmqQueueModule {
  static register(optionsToken: string | symbol): DynamicModule {
    const queue: Provider = { provide: WEBHOOKS_QUEUE, useExisting: BullmqQueue };
    return {
      module: BullmqQueueModule,
      imports: [
        BullModule.registerQueueAsync({
          name: WEBHOOKS_BULLMQ_QUEUE,
          inject: [
            optionsToken,
            WEBHOOKS_DATABASE_IDENTITY,
            { token: getSharedConfigToken(), optional: true },
          ],
          useFactory: queueOptions,
        }),
      ],
      providers: [BullmqQueue, queue],
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
  shared?: QueueOptions,
): RegisterQueueOptions {
  return {
    prefix: redisPrefix ?? defaultPrefix(identity),
    streams: { events: { maxLen: MAX_EVENTS } },
    defaultJobOptions: undefined,
    telemetry: undefined,
    skipVersionCheck: undefined,
    skipWaitingForReady: undefined,
    skipMetasUpdate: undefined,
    connection: redis === undefined ? sharedConnection(shared) : bullmqConnection('redis', redis),
  } as RegisterQueueOptions;
}

function sharedConnection(shared: QueueOptions | undefined): QueueOptions['connection'] {
  const given: QueueOptions['connection'] = shared?.connection ?? {};
  // Clients that the app makes, such as those of a cluster, are used as they are.
  if (typeof given.duplicate === 'function') return heard(given);
  const { url, ...options } = given as { url?: string };
  const byOptions = bullmqConnection('BullModule.forRoot: connection', options);
  if (url === undefined) return byOptions;
  return { ...bullmqConnection('BullModule.forRoot: connection.url', url), ...byOptions };
}
