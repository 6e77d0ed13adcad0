import { setTimeout } from 'node:timers/promises';
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Worker, type Queue, type RedisConnectionClient } from 'bullmq';
import { clientOf } from '../../compat/bullmq.js';
import type { RedisClient } from '../../compat/redis-client.js';
import { WEBHOOKS_DATABASE_IDENTITY } from '../../config/tokens.js';
import { within } from '../../domain/within.js';
import { LOCK_MS, STALLED_INTERVAL_MS } from '../redis/queue-settings.js';
import { GOODBYE_MS, ONCE, RedisQueue, type WakeJob } from '../redis/redis-queue.js';
import { warnOfSharedPrefix } from '../redis/shared-prefix.js';

/**
 * The name of the BullMQ queue, for dashboards. It differs from Bull's, since BullMQ can't read Bull's keys and both
 * may have the same prefix.
 */
export const WEBHOOKS_BULLMQ_QUEUE = 'webhooks-mq';

/** How long a worker waits before it asks Redis again. BullMQ's own 15 s are longer than a poll interval. */
const RETRY_MS = 1_000;
/**
 * A full worker leaves the next job to another one for this long. We don't use the delay of a job: Redis ends a
 * blocking command up to 100 ms late.
 */
const ANOTHER_WITHIN_MS = 20;

/** The queue over BullMQ. We make the worker here, since an app may have told Nest's explorer to wait. */
@Injectable()
export class BullmqQueue extends RedisQueue implements OnModuleInit {
  protected client: RedisClient | undefined;
  private worker: Worker | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    @InjectQueue(WEBHOOKS_BULLMQ_QUEUE) private readonly queue: Queue,
    @Inject(WEBHOOKS_DATABASE_IDENTITY) private readonly identity: string,
  ) {
    super();
    // From the start: BullMQ prints errors that nobody listens to.
    queue.on('error', (error) => this.failed(error));
    // Nest's own hook would wait for a Redis that does not answer.
    Object.assign(queue, { onApplicationShutdown: () => this.close() });
  }

  /** Does not wait: Redis may be down. */
  onModuleInit(): void {
    clientOf(this.queue).then(
      (client) => this.connected(client),
      // The queue has logged the error, unless it was closed before.
      () => undefined,
    );
  }

  override onWake(work: () => Promise<boolean>): void {
    super.onWake(work);
    this.startWorker();
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  protected addJob(job: WakeJob): Promise<unknown> {
    return this.queue.add('wake', {}, { ...ONCE, jobId: job });
  }

  /**
   * Starts the worker only after the queue's own connection has found a usable Redis. A worker that is refused `INFO`,
   * or finds an old version, asks again without a pause and blocks the whole process. So it leaves that check to the
   * queue.
   */
  private startWorker(): void {
    if (this.closed || !this.client || !this.work || this.worker) return;
    const { connection, prefix } = this.queue.opts;
    this.worker = new Worker(this.queue.name, () => this.process(), {
      connection,
      ...(prefix === undefined ? {} : { prefix }),
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_INTERVAL_MS,
      runRetryDelay: RETRY_MS,
      skipVersionCheck: true,
    });
    this.worker.on('error', (error) => this.failed(error));
    this.worker.on('completed', () => this.completed());
  }

  private async process(): Promise<void> {
    const hasMore = await this.woken();
    if (hasMore && !this.closed) await setTimeout(ANOTHER_WITHIN_MS);
  }

  private connected(client: RedisClient): void {
    if (this.closed) return;
    this.client = client;
    this.startWorker();
    client.on('ready', () => this.outage.worked());
    this.outage.worked();
    void this.warnOfEviction(client).catch(() => undefined);
    void warnOfSharedPrefix(client, this.queue.toKey('database'), this.identity).catch(() => undefined);
  }

  /** Ends in bounded time, although BullMQ waits for as long as Redis does not answer. */
  private async end(): Promise<void> {
    const { online, worker, queue } = this;
    this.closed = true;
    this.work = undefined;
    if (!online) void worker?.close(true).catch(() => undefined);
    const closed = Promise.allSettled([worker?.close(), queue.close()]);
    if (online && (await within(closed, GOODBYE_MS))) return;
    worker?.disconnect().catch(() => undefined);
    // The app ends a client that it made.
    if (typeof (queue.opts.connection as Partial<RedisConnectionClient>).duplicate !== 'function')
      this.client?.disconnect();
  }

  private failed(error: Error): void {
    if (!this.closed) this.outage.failed(error);
  }
}
