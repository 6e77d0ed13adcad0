import { InjectQueue } from '@nestjs/bull';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Job, Queue } from 'bull';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import type { LeasedBatch } from '../../persistence/sql/delivery-statements.js';
import { within } from '../../domain/within.js';
import { QueuePace } from '../queue-pace.js';
import {
  ENTRY_SIZE,
  MOST_ENTRIES,
  entriesOf,
  type WebhookQueue,
  type WebhookQueueConsumer,
} from '../webhook-queue.js';

/** The name of the Bull queue, for dashboards such as bull-board. */
export const WEBHOOKS_BULL_QUEUE = 'webhooks';

/** How long Redis may take to tell how much waits: one that hangs has no room. */
const ANSWER_MS = 1_000;
/** How often a process that emits asks how much room there is. */
const LOOK_INTERVAL_MS = 10;
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/**
 * Hands entries over through Bull, to whichever process is free. A job is one entry; what Bull does with it
 * decides nothing about its deliveries: the rows do.
 */
@Injectable()
export class BullQueue implements WebhookQueue, OnModuleInit {
  private readonly logger = new WebhooksLogger();
  private lastEntries = 0;
  private startConsuming!: (consumer: WebhookQueueConsumer) => void;
  /** Nest's explorer starts the processor before the module is up. */
  private readonly consumer = new Promise<WebhookQueueConsumer>((resolve) => (this.startConsuming = resolve));
  private lookedAt = -Infinity;
  private workersAreFree = false;
  private readonly pace = new QueuePace();
  private waiting: LeasedBatch[] = [];
  private adding = false;
  private closed = false;

  constructor(@InjectQueue(WEBHOOKS_BULL_QUEUE) private readonly queue: Queue<LeasedBatch>) {
    const start = queue.process.bind(queue) as (...args: unknown[]) => Promise<void>;
    // Nest's explorer drops this promise. It rejects when the app closes while Redis is away, which would end the
    // process before its shutdown is through; other errors come as the event `error`, too.
    queue.process = (...args: unknown[]) => start(...args).catch(() => undefined);
    // Bull itself drops this one, which rejects then, too.
    const setWorkerName = queue.setWorkerName.bind(queue) as () => Promise<unknown>;
    queue.setWorkerName = () => setWorkerName().catch(() => undefined);
  }

  onModuleInit(): void {
    let reported = '';
    this.queue.on('error', (error: Error) => {
      // ioredis repeats itself at every reconnect.
      if (error.message !== reported) this.logger.error(`Redis: ${error.message}`);
      reported = error.message;
    });
    void this.warnOfEviction().catch(() => undefined);
  }

  hasRoom(reserved: number): boolean {
    if (!this.online) return false;
    const hasRoom =
      reserved === 0
        ? this.lastEntries < MOST_ENTRIES || this.workersAreFree
        : this.leftOf(this.pace.mostEntries) > reserved && !this.pace.isSlow;
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
    this.lastEntries = waiting + active;
    const left = this.leftOf(this.pace.mostEntries);
    // What is active may be a dead worker's; while nothing waits, another one has room for an entry.
    return this.workersAreFree ? Math.max(left, ENTRY_SIZE) : left;
  }

  push(batches: readonly LeasedBatch[]): void {
    if (!this.online || batches.length === 0) return;
    this.lastEntries += batches.length;
    this.waiting.push(...batches);
    if (!this.adding) void this.addWaiting();
  }

  get capacity(): number {
    return this.pace.mostEntries * ENTRY_SIZE;
  }

  consume(consumer: WebhookQueueConsumer, windowMs: number): void {
    this.pace.start(windowMs);
    this.startConsuming(consumer);
  }

  /** What the processor calls for each job. An entry that can't be taken now comes back by the relay. */
  async process({ data }: Job<LeasedBatch>): Promise<void> {
    const consumer = await this.consumer;
    if (!this.closed) await this.pace.during(consumer(data), data.deliveryIds.length);
  }

  async close(): Promise<void> {
    const { online } = this;
    this.closed = true;
    // A paused queue takes no further job; Nest closes its connections afterwards.
    if (online) await this.queue.pause(true, true).catch(() => undefined);
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

  private leftOf(entries: number): number {
    return Math.max(0, entries - this.lastEntries) * ENTRY_SIZE;
  }

  /** What comes while Redis is asked shares entries, so that the busier it is, the fuller they are. */
  private async addWaiting(): Promise<void> {
    this.adding = true;
    while (this.waiting.length > 0) {
      const batches = merged(this.waiting);
      this.waiting = [];
      // What is lost here is claimed again when its lease ends.
      await this.add(batches).catch((error: Error) =>
        this.logger.warn(`Pushing to Redis failed: ${error.message}`),
      );
    }
    this.adding = false;
  }

  /** Ends at the latest when the connection does: Bull's promise may then never settle. */
  private async add(batches: readonly LeasedBatch[]): Promise<void> {
    const { client } = this.queue;
    let lost = (): void => undefined;
    const disconnected = new Promise<void>((resolve) => client.once('close', (lost = resolve)));
    const added =
      batches.length === 1
        ? this.queue.add(batches[0]!, JOB_OPTIONS)
        : this.queue.addBulk(batches.map((data) => ({ data, opts: JOB_OPTIONS })));
    await Promise.race([added, disconnected]).finally(() => client.off('close', lost));
    // A process that only emits has no relay to ask how much has been taken meanwhile.
    if (this.leftOf(this.pace.mostEntries) < this.capacity / 2) this.lookAgain();
  }

  /** Bull's `add` neither resolves nor rejects while Redis is away, so it is not called then. */
  private get online(): boolean {
    return !this.closed && this.queue.client.status === 'ready';
  }
}

/** The same deliveries in as few entries as their leases allow. */
function merged(batches: readonly LeasedBatch[]): LeasedBatch[] {
  if (batches.length === 1) return [...batches];
  const byToken = new Map<string, string[]>();
  for (const { token, deliveryIds } of batches) {
    const ids = byToken.get(token);
    if (ids) ids.push(...deliveryIds);
    else byToken.set(token, [...deliveryIds]);
  }
  return [...byToken].flatMap(([token, ids]) => entriesOf(token, ids));
}
