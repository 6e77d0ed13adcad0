import { InjectQueue } from '@nestjs/bull';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Job, Queue } from 'bull';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import { OutageLog } from '../../domain/outage-log.js';
import { within } from '../../domain/within.js';
import { QueueRoom } from '../queue-room.js';
import {
  ENTRY_SIZE,
  MOST_ENTRIES,
  merged,
  type QueueEntry,
  type WebhookQueue,
  type WebhookQueueConsumer,
} from '../webhook-queue.js';

/** The name of the Bull queue, for dashboards such as bull-board. */
export const WEBHOOKS_BULL_QUEUE = 'webhooks';

/** How long Redis may take to tell how much waits: one that hangs has no room. */
const ANSWER_MS = 1_000;
/** How often a process that emits asks how much room there is. */
const LOOK_INTERVAL_MS = 10;
/** For how many times as long as a push took none follows: entries that are few cost all processes less. */
const REST = 4;
const LONGEST_REST_MS = 5;
/** Entries that a caller gets at once. */
const MOST_TAKEN = 4;
const MOST_OWN_TOKENS = 2_000;
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/**
 * Hands entries over through Bull, to whichever process is free. A job is one entry; what Bull does with it
 * decides nothing about its deliveries: the rows do.
 */
@Injectable()
export class BullQueue implements WebhookQueue, OnModuleInit {
  private readonly logger = new WebhooksLogger();
  private readonly outage = new OutageLog(this.logger, 'Redis does not work');
  private lastEntries = 0;
  private startConsuming!: (consumer: WebhookQueueConsumer) => void;
  /** Nest's explorer starts the processor before the module is up. */
  private readonly consumer = new Promise<WebhookQueueConsumer>((resolve) => (this.startConsuming = resolve));
  private lookedAt = -Infinity;
  private workersAreFree = false;
  private readonly bounds = new QueueRoom();
  private waiting: QueueEntry[] = [];
  /** The leases of what this process has pushed of late. */
  private readonly own = new Set<string>();
  private adding: Promise<void> | undefined;
  private endRest = (): void => undefined;
  private closing = false;
  private closed = false;

  constructor(@InjectQueue(WEBHOOKS_BULL_QUEUE) private readonly queue: Queue<QueueEntry>) {
    const start = queue.process.bind(queue) as (...args: unknown[]) => Promise<void>;
    // Nest's explorer drops this promise. It rejects when the app closes while Redis is away, which would end the
    // process before its shutdown is through.
    queue.process = (...args: unknown[]) =>
      start(...args).catch((error: Error) => {
        if (!this.closing) this.logger.error(`This process takes nothing from Redis: ${error.message}`);
      });
    // Bull itself drops this one, which rejects then, too.
    const setWorkerName = queue.setWorkerName.bind(queue) as () => Promise<unknown>;
    queue.setWorkerName = () => setWorkerName().catch(() => undefined);
  }

  onModuleInit(): void {
    // ioredis repeats itself at every reconnect.
    this.queue.on('error', (error: Error) => this.outage.failed(error));
    this.queue.client.on('ready', () => this.outage.worked());
    void this.warnOfEviction().catch(() => undefined);
  }

  hasRoom(reserved: number): boolean {
    if (!this.online) return false;
    const hasRoom =
      reserved === 0
        ? this.lastEntries < MOST_ENTRIES || this.workersAreFree
        : this.bounds.beside(this.lastEntries) > reserved && !this.bounds.isSlow;
    // A process that only emits has no relay to find out that there is room again.
    if (!hasRoom) this.lookAgain();
    return hasRoom;
  }

  async room(): Promise<number> {
    if (!this.online) return 0;
    const { client } = this.queue;
    // Bull's own getters ask in a transaction, for several times as much.
    const lengths = Promise.all([
      client.llen(this.queue.toKey('wait')),
      client.llen(this.queue.toKey('active')),
    ]);
    const [waiting, active] = (await within(lengths, ANSWER_MS)) ?? [Infinity, 0];
    this.workersAreFree = waiting === 0;
    this.lastEntries = waiting + active + this.waiting.length;
    const left = this.bounds.beside(this.lastEntries);
    // What is active may be a dead worker's; while nothing waits, another one has room for an entry.
    return this.workersAreFree ? Math.max(left, ENTRY_SIZE) : left;
  }

  push(entries: readonly QueueEntry[]): void {
    if (!this.online || entries.length === 0) return;
    this.lastEntries += entries.length;
    this.waiting.push(...entries);
    this.adding ??= this.addWaiting();
  }

  get capacity(): number {
    return this.bounds.capacity;
  }

  consume(consumer: WebhookQueueConsumer, windowMs: number): void {
    this.bounds.start(windowMs);
    this.startConsuming(consumer);
  }

  /** Gives an entry to this process's consumer. */
  async take(entry: QueueEntry): Promise<void> {
    const consumer = await this.consumer;
    await this.bounds.during(consumer(entry));
  }

  async takeWaiting(): Promise<QueueEntry[]> {
    return (await this.allPushed()) ? this.takeBack(() => true, MOST_TAKEN) : [];
  }

  async close(): Promise<QueueEntry[]> {
    const { online } = this;
    this.closing = true;
    const pushed = await this.allPushed();
    this.closed = true;
    // A paused queue takes no further job; Nest closes its connections afterwards.
    if (online) await this.queue.pause(true, true).catch(() => undefined);
    // There may be no worker, and what waits would wait for its lease. What Redis has not taken by now does.
    return online && pushed ? this.takeBack(({ token }) => this.own.has(token), MOST_ENTRIES) : [];
  }

  /** Whether what was pushed so far has reached Redis. */
  private async allPushed(): Promise<boolean> {
    if (!this.online) return false;
    this.endRest();
    return (
      this.adding === undefined ||
      (await within(
        this.adding.then(() => true),
        ANSWER_MS,
      )) === true
    );
  }

  /** Takes entries out of the list that workers take from: nobody else has them then. */
  private async takeBack(wanted: (entry: QueueEntry) => boolean, most: number): Promise<QueueEntry[]> {
    const waiting = this.queue.getWaiting(0, most - 1).catch(() => []);
    const jobs = ((await within(waiting, ANSWER_MS)) ?? []).filter((job) => wanted(job.data));
    const removed = jobs.map((job) => this.removeWaiting(job).catch(() => []));
    return ((await within(Promise.all(removed), ANSWER_MS)) ?? []).flat();
  }

  /** Bull's own `remove` succeeds, too, where a worker has just finished the job. */
  private async removeWaiting(job: Job<QueueEntry>): Promise<QueueEntry[]> {
    if ((await this.queue.client.lrem(this.queue.toKey('wait'), 1, String(job.id))) === 0) return [];
    // It is ours by now; what is left of it only takes up room.
    void job.remove().catch(() => undefined);
    return [job.data];
  }

  private lookAgain(): void {
    const now = performance.now();
    if (now - this.lookedAt < LOOK_INTERVAL_MS) return;
    this.lookedAt = now;
    void this.room().catch(() => undefined);
  }

  /** A Redis that evicts keys loses entries, which then wait for their lease to end. */
  private async warnOfEviction(): Promise<void> {
    const policy = /maxmemory_policy:(\S+)/.exec(await this.queue.client.info('memory'))?.[1];
    if (policy === undefined || policy === 'noeviction') return;
    this.logger.warn(`Redis has maxmemory-policy ${policy}: set it to noeviction, or webhooks may be late.`);
  }

  /** What comes while Redis is asked, or a little later, shares entries, so that the busier it is, the fuller they are. */
  private async addWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      const entries = merged(this.waiting);
      this.remember(entries);
      this.waiting = [];
      const since = performance.now();
      // What is lost here is claimed again when its lease ends.
      await this.add(entries).then(
        (isPushed) => isPushed && this.outage.worked(),
        (error: unknown) => this.outage.failed(error),
      );
      if (!this.closing) await this.rest(Math.min(REST * (performance.now() - since), LONGEST_REST_MS));
    }
    this.adding = undefined;
  }

  private remember(entries: readonly QueueEntry[]): void {
    for (const { token } of entries) this.own.add(token);
    // In the order of insertion: the oldest have long been taken, or their leases have ended.
    for (const token of this.own) {
      if (this.own.size <= MOST_OWN_TOKENS) break;
      this.own.delete(token);
    }
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.endRest = resolve;
      setTimeout(resolve, ms);
    });
  }

  /** Ends at the latest when the connection does: Bull's promise may then never settle. */
  private async add(entries: readonly QueueEntry[]): Promise<boolean> {
    const { client } = this.queue;
    let lost = (): void => undefined;
    const disconnected = new Promise<void>((resolve) => client.once('close', (lost = resolve)));
    const added =
      entries.length === 1
        ? this.queue.add(entries[0]!, JOB_OPTIONS)
        : this.queue.addBulk(entries.map((data) => ({ data, opts: JOB_OPTIONS })));
    const isPushed = await Promise.race([added.then(() => true), disconnected.then(() => false)]).finally(
      () => client.off('close', lost),
    );
    // A process that only emits has no relay to ask how much has been taken meanwhile.
    if (this.bounds.beside(this.lastEntries) < this.capacity / 2) this.lookAgain();
    return isPushed;
  }

  /** Bull's `add` neither resolves nor rejects while Redis is away, so it is not called then. */
  private get online(): boolean {
    return !this.closed && this.queue.client.status === 'ready';
  }
}
