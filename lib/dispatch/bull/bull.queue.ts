import { InjectQueue } from '@nestjs/bull';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Queue } from 'bull';
import { catchDroppedPromises, jobsUnderWay, takeNoMore } from '../../compat/bull.js';
import type { RedisClient } from '../../compat/redis-client.js';
import { WEBHOOKS_DATABASE_IDENTITY } from '../../config/tokens.js';
import { within } from '../../domain/within.js';
import { GOODBYE_MS, ONCE, RedisQueue, type WakeJob } from '../redis/redis-queue.js';
import { warnOfSharedPrefix } from '../redis/shared-prefix.js';

/** The name of the Bull queue, for dashboards such as bull-board. */
export const WEBHOOKS_BULL_QUEUE = 'webhooks';

/** A full worker wakes another one after this long. At once, it would get its own job back, again and again. */
const ANOTHER_AFTER_MS = 20;

/** The queue over Bull. */
@Injectable()
export class BullQueue extends RedisQueue implements OnModuleInit {
  private closing: Promise<void> | undefined;

  constructor(
    @InjectQueue(WEBHOOKS_BULL_QUEUE) private readonly queue: Queue,
    @Inject(WEBHOOKS_DATABASE_IDENTITY) private readonly identity: string,
  ) {
    super();
    catchDroppedPromises(queue, (error) => {
      if (!this.closed) this.logger.error(`This process takes nothing from Redis: ${error.message}`);
    });
    // Nest's own hook would wait for a Redis that does not answer, and Bull would leave a rejection unhandled.
    Object.assign(queue, { onApplicationShutdown: () => this.close() });
  }

  /** Does not wait: Redis may be down. */
  onModuleInit(): void {
    const { queue, client } = this;
    // ioredis emits the same error at every reconnect.
    queue.on('error', (error: Error) => {
      if (!this.closed) this.outage.failed(error);
    });
    client.on('ready', () => this.outage.worked());
    queue.on('completed', () => this.completed());
    void this.warnOfEviction(client).catch(() => undefined);
    void warnOfSharedPrefix(client, queue.toKey('database'), this.identity).catch(() => undefined);
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  protected get client(): RedisClient {
    return this.queue.client;
  }

  protected addJob(job: WakeJob): Promise<unknown> {
    return this.queue.add({}, { ...ONCE, jobId: job, delay: job === 'wake another' ? ANOTHER_AFTER_MS : 0 });
  }

  private async end(): Promise<void> {
    const { online, queue } = this;
    this.closed = true;
    this.work = undefined;
    takeNoMore(queue);
    if (online) await within(jobsUnderWay(queue), GOODBYE_MS);
    const closed = queue.close(true).then(
      () => true,
      () => true,
    );
    if (online && (await within(closed, GOODBYE_MS))) return;
    for (const client of queue.clients) client.disconnect();
  }
}
