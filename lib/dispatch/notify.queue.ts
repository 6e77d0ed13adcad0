import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { listen } from '../compat/listen.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import { OutageLog } from '../domain/outage-log.js';
import { inOwnContext } from '../domain/own-context.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import type { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import type { WebhookQueue } from './webhook-queue.js';

const RECONNECT_MS = 1_000;
/** The pause between two notifications. */
const REST_MS = 5;

/**
 * Wakes the workers of all processes by PostgreSQL's `NOTIFY`. We send it after the commit, in a statement of its own.
 * Inside the storing transaction it would make all commits of the database wait for each other, since PostgreSQL keeps
 * notifications in the order of the commits.
 */
export class NotifyQueue implements WebhookQueue {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'PostgreSQL’s NOTIFY does not work');
  private readonly channel: string;
  private work: (() => Promise<boolean>) | undefined;
  private stopListening: Promise<() => Promise<void>> | undefined;
  private reconnect: NodeJS.Timeout | undefined;
  private telling = false;
  private again = false;
  private closed = false;
  private listens = false;

  /**
   * @param identity identifies the tables: the same for all processes that share them
   * @throws InvalidWebhooksOptionError if the database is not PostgreSQL
   */
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: WebhooksDatabase,
    identity: string,
  ) {
    if (!database.isPostgres) {
      const { type } = dataSource.options;
      throw new InvalidWebhooksOptionError(
        'queue',
        `is 'notify', which only PostgreSQL has; the database is ${type}. Write queue: 'bull' with redis, or leave it out.`,
      );
    }
    this.channel = `nestjs_webhooks_${identity}`;
  }

  /** Wakes this process's worker first, without the database. */
  wake(): void {
    if (this.closed) return;
    if (this.work) void this.wakeOwn(this.work);
    else this.tell();
  }

  onWake(work: () => Promise<boolean>): void {
    this.work = work;
    inOwnContext(() => this.listen());
  }

  async problem(): Promise<string | undefined> {
    if (this.closed || !this.work || this.listens) return undefined;
    return 'This process does not hear PostgreSQL’s NOTIFY: it finds what others emit at its next poll.';
  }

  async close(): Promise<void> {
    this.closed = true;
    this.work = undefined;
    clearTimeout(this.reconnect);
    const stop = await this.stopListening?.catch(() => undefined);
    await stop?.();
  }

  /** Tells other processes only if this one has no room for everything. */
  private async wakeOwn(work: () => Promise<boolean>): Promise<void> {
    if (await work()) this.tell();
  }

  /** Calls during a notification share the next one. */
  private tell(): void {
    if (this.closed) return;
    if (this.telling) this.again = true;
    else void inOwnContext(() => this.notify());
  }

  private async notify(): Promise<void> {
    this.telling = true;
    try {
      await this.database.executor.run([{ sql: 'SELECT pg_notify($1, $2)', params: [this.channel, ''] }]);
      this.outage.worked();
    } catch (error) {
      // A lost wake-up costs a poll interval.
      this.outage.failed(error);
    }
    await pause(REST_MS);
    this.telling = false;
    if (!this.again) return;
    this.again = false;
    this.tell();
  }

  /** Looks for due deliveries at once: notifications may have been missed while nobody listened. */
  private listen(): void {
    this.stopListening = listen(
      this.dataSource,
      this.channel,
      () => void this.work?.(),
      () => this.listenLater(new Error('the connection ended')),
    );
    this.stopListening.then(
      () => {
        this.listens = true;
        this.outage.worked();
        void this.work?.();
      },
      (error: unknown) => this.listenLater(error),
    );
  }

  private listenLater(error: unknown): void {
    this.listens = false;
    if (this.closed) return;
    this.outage.failed(error);
    this.reconnect = setTimeout(() => this.listen(), RECONNECT_MS);
  }
}
