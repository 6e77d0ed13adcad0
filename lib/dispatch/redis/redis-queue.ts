import { isOnline, untilDisconnected, type RedisClient } from '../../compat/redis-client.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import { OutageLog } from '../../domain/outage-log.js';
import { within } from '../../domain/within.js';
import type { WebhookQueue } from '../webhook-queue.js';

/** The ids of the jobs: while there is one of an id, neither Bull nor BullMQ adds another. The second one is from a full worker. */
export type WakeJob = 'wake' | 'wake another';

/** For Bull and BullMQ alike. */
export const ONCE = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/** How long Redis may take to answer a goodbye. */
export const GOODBYE_MS = 300;

const PING_MS = 1_000;

/**
 * Wakes a worker, in whichever process is free, by one job that carries nothing. What the library does with it decides nothing about
 * any delivery: the rows do.
 */
export abstract class RedisQueue implements WebhookQueue {
  protected readonly logger = new WebhooksLogger();
  protected readonly outage = new OutageLog(this.logger, 'Redis does not work');
  protected work: (() => Promise<boolean>) | undefined;
  protected closed = false;
  private adding = false;
  private again = false;

  /** The connection that adds jobs, once there is one. */
  protected abstract readonly client: RedisClient | undefined;
  protected abstract addJob(job: WakeJob): Promise<unknown>;
  abstract close(): Promise<void>;

  wake(): void {
    // Redis is away: this process may have a worker.
    if (!this.online) void this.work?.();
    else if (this.adding) this.again = true;
    else void this.add('wake');
  }

  onWake(work: () => Promise<boolean>): void {
    this.work = work;
  }

  /**
   * A job came to this process.
   * @returns whether another one is wanted, of another worker
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

  /** A wake-up that comes while a job of its id is under way adds none: its rows are looked for once more. */
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

  /** What comes while Redis is asked shares the next job. */
  private async add(job: WakeJob): Promise<void> {
    this.adding = true;
    // One that is lost costs a poll interval.
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
