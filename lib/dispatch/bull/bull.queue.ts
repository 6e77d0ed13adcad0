import { InjectQueue } from '@nestjs/bull';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JobOptions, Queue } from 'bull';
import { catchDroppedPromises, isOnline, untilDisconnected } from '../../compat/bull.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import { OutageLog } from '../../domain/outage-log.js';
import { within } from '../../domain/within.js';
import type { WebhookQueue } from '../webhook-queue.js';

/** The name of the Bull queue, for dashboards such as bull-board. */
export const WEBHOOKS_BULL_QUEUE = 'webhooks';

const ONCE: JobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };
/** While there is a job of that id, Bull adds no other. */
const WAKE: JobOptions = { ...ONCE, jobId: 'wake' };
/** From a worker that has no room for all that is due. Not at once, or it would be the next one itself, again and again. */
const WAKE_ANOTHER: JobOptions = { ...ONCE, jobId: 'wake another', delay: 20 };

const PING_MS = 1_000;

/**
 * Wakes a worker, in whichever process is free, by one job that carries nothing. What Bull does with it decides nothing about any
 * delivery: the rows do.
 */
@Injectable()
export class BullQueue implements WebhookQueue, OnModuleInit {
  private readonly logger = new WebhooksLogger();
  private readonly outage = new OutageLog(this.logger, 'Redis does not work');
  private work: (() => Promise<boolean>) | undefined;
  private adding = false;
  private again = false;
  private closed = false;

  constructor(@InjectQueue(WEBHOOKS_BULL_QUEUE) private readonly queue: Queue) {
    catchDroppedPromises(queue, (error) => {
      if (!this.closed) this.logger.error(`This process takes nothing from Redis: ${error.message}`);
    });
  }

  onModuleInit(): void {
    // ioredis repeats itself at every reconnect.
    this.queue.on('error', (error: Error) => this.outage.failed(error));
    this.queue.client.on('ready', () => this.outage.worked());
    // A wake-up that comes while a job of its id is under way adds none: its rows are looked for once more.
    this.queue.on('completed', () => void this.work?.());
    void this.warnOfEviction().catch(() => undefined);
  }

  wake(): void {
    // Redis is away: this process may have a worker.
    if (!this.online) void this.work?.();
    else if (this.adding) this.again = true;
    else void this.add(WAKE);
  }

  onWake(work: () => Promise<boolean>): void {
    this.work = work;
  }

  /** A job came to this process. */
  async woken(): Promise<void> {
    const hasMore = await this.work?.();
    if (hasMore && this.online) void this.add(WAKE_ANOTHER);
  }

  async problem(): Promise<string | undefined> {
    if (this.closed) return undefined;
    const answers =
      this.online &&
      (await within(
        this.queue.client.ping().catch(() => undefined),
        PING_MS,
      ));
    return answers ? undefined : 'Redis does not answer: workers find what is due at their next poll.';
  }

  async close(): Promise<void> {
    const { online } = this;
    this.closed = true;
    this.work = undefined;
    // A paused queue takes no further job; Nest closes its connections afterwards.
    if (online) await this.queue.pause(true, true).catch(() => undefined);
  }

  /** A Redis that evicts keys loses wake-ups. */
  private async warnOfEviction(): Promise<void> {
    const policy = /maxmemory_policy:(\S+)/.exec(await this.queue.client.info('memory'))?.[1];
    if (policy === undefined || policy === 'noeviction') return;
    this.logger.warn(`Redis has maxmemory-policy ${policy}: set it to noeviction, or webhooks may be late.`);
  }

  /** What comes while Redis is asked shares the next job. */
  private async add(options: JobOptions): Promise<void> {
    this.adding = true;
    // One that is lost costs a poll interval.
    await untilDisconnected(this.queue, this.queue.add({}, options)).then(
      (isAdded) => isAdded && this.outage.worked(),
      (error: unknown) => this.outage.failed(error),
    );
    this.adding = false;
    if (!this.again) return;
    this.again = false;
    this.wake();
  }

  private get online(): boolean {
    return !this.closed && isOnline(this.queue);
  }
}
