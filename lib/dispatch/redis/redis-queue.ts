import { isOnline, untilDisconnected, type RedisClient } from '../../compat/redis-client.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import { OutageLog } from '../../domain/outage-log.js';
import { within } from '../../domain/within.js';
import type { WebhookQueue } from '../webhook-queue.js';

/**
 * Ids of the jobs. Neither Bull nor BullMQ adds a job while there is one with its id. A full worker adds the second
 * one.
 */
export type WakeJob = 'wake' | 'wake another';

/** The same for Bull and BullMQ. */
export const ONCE = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/** How long Redis may take to answer when we close. */
export const GOODBYE_MS = 300;

const PING_MS = 1_000;

/**
 * Wakes a worker of any process by one job without data. Jobs decide nothing about a delivery; the rows do. So whatever
 * the library does with a job, nothing is lost.
 */
export abstract class RedisQueue implements WebhookQueue {
  protected readonly logger = new WebhooksLogger();
  protected readonly outage = new OutageLog(this.logger, 'Redis does not work');
  protected work: (() => Promise<boolean>) | undefined;
  protected closed = false;
  private adding = false;
  private again = false;

  /** The connection that adds jobs, once it exists. */
  protected abstract readonly client: RedisClient | undefined;
  protected abstract addJob(job: WakeJob): Promise<unknown>;
  abstract close(): Promise<void>;

  wake(): void {
    // Redis is down, but this process may have a worker.
    if (!this.online) void this.work?.();
    else if (this.adding) this.again = true;
    else void this.add('wake');
  }

  onWake(work: () => Promise<boolean>): void {
    this.work = work;
  }

  /**
   * Handles a job.
   * @returns whether another worker should be woken
   */
  async woken(): Promise<boolean> {
    const hasMore = (await this.work?.()) ?? false;
    if (hasMore && this.online) void this.add('wake another');
    return hasMore;
  }

  async problem(): Promise<string | undefined> {
    if (this.closed) return undefined;
    const answers =
      this.online &&
      (await within(
        this.client!.ping().catch(() => undefined),
        PING_MS,
      ));
    return answers ? undefined : 'Redis does not answer: workers find what is due at their next poll.';
  }

  /** A wake-up during a job with the same id added no job. So look for due deliveries once more. */
  protected completed(): void {
    void this.work?.();
  }

  /** A Redis that evicts keys loses wake-ups. */
  protected async warnOfEviction(client: RedisClient): Promise<void> {
    const policy = /maxmemory_policy:(\S+)/.exec(await client.info('memory'))?.[1];
    if (policy === undefined || policy === 'noeviction') return;
    this.logger.warn(`Redis has maxmemory-policy ${policy}: set it to noeviction, or webhooks may be late.`);
  }

  protected get online(): boolean {
    return !this.closed && this.client !== undefined && isOnline(this.client);
  }

  /** Calls while Redis has not answered share the next job. */
  private async add(job: WakeJob): Promise<void> {
    this.adding = true;
    // A lost wake-up costs a poll interval.
    await untilDisconnected(this.client!, this.addJob(job)).then(
      (isAdded) => isAdded && this.outage.worked(),
      (error: unknown) => this.outage.failed(error),
    );
    this.adding = false;
    if (!this.again) return;
    this.again = false;
    this.wake();
  }
}
