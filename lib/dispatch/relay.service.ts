import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_QUEUE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { OutageLog } from '../domain/outage-log.js';
import { inOwnContext } from '../domain/own-context.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { DeliveryPusher } from './delivery-pusher.js';
import { LeaseIssuer } from './lease-issuer.js';
import { ENTRY_SIZE, type WebhookQueue } from './webhook-queue.js';

const CLAIM_SIZE = 200;
/** Left of the queue to what is emitted meanwhile, so that little of a backlog is ever ahead of it. */
const SHARE_OF_EMITS = 0.85;
/** How long it goes without a claim where there is room, but only for what is emitted. */
const LONGEST_PAUSE_MS = 1_000;
/** How soon it looks again while more is due than the queue has room for. */
const BACKLOG_INTERVAL_MS = 20;

/**
 * Claims what is due and pushes it: new deliveries that never reached the queue, retries whose time has come, and
 * those whose lease ended because a process died or the queue lost its entry. This is the only way back in.
 */
@Injectable()
export class RelayService {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'The relay can’t claim');
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<unknown> = Promise.resolve();
  private stopped = true;
  private closed = false;
  private running = false;
  private backlog = false;
  private claimedAt = -Infinity;
  /** Every other claim: whatever one endpoint has piled up, a new event of another is not behind all of it. */
  private newestFirst = true;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(LeaseIssuer) private readonly leases: LeaseIssuer,
    @Inject(DeliveryPusher) private readonly pusher: DeliveryPusher,
  ) {}

  start(): void {
    this.stopped = false;
    this.scheduleNext(0);
  }

  /** Stops for good. */
  async stop(): Promise<void> {
    this.closed = true;
    await this.halt();
  }

  /** Claims nothing until the function that it gives is called, and then for one poll interval. */
  async pause(): Promise<() => void> {
    const wasRunning = !this.stopped;
    await this.halt();
    return () => {
      if (!wasRunning || this.closed) return;
      this.stopped = false;
      this.scheduleNext(this.config.delivery.pollIntervalMs);
    };
  }

  private async halt(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  /** Rows were stored that the queue had no room for: looks for them soon. */
  backlogged(): void {
    if (this.backlog) return;
    this.backlog = true;
    if (!this.running) this.scheduleNext(BACKLOG_INTERVAL_MS);
  }

  /** Claims what is due now, as far as the queue has room; gives how many deliveries that was. */
  async runOnce(): Promise<number> {
    this.backlog = false;
    let total = 0;
    for (;;) {
      const limit = this.limitFor(await this.queue.room());
      if (limit <= 0) {
        this.backlog = true;
        return total;
      }
      const lease = this.leases.forClaim();
      const claim = { now: this.clock.now(), limit, newestFirst: (this.newestFirst = !this.newestFirst) };
      this.claimedAt = performance.now();
      const ids = await this.deliveries.claimDue(claim, lease);
      this.pusher.push(lease, ids);
      total += ids.length;
      if (ids.length < limit) return total;
    }
  }

  /** Emits that leave it no room do not keep it from an entry now and then. */
  private limitFor(room: number): number {
    const { capacity } = this.queue;
    const isEmpty = room === capacity;
    const isLate = performance.now() - this.claimedAt >= LONGEST_PAUSE_MS;
    const atLeast = isEmpty || isLate ? Math.min(room, ENTRY_SIZE) : 0;
    return Math.min(CLAIM_SIZE, Math.max(Math.floor(room - SHARE_OF_EMITS * capacity), atLeast));
  }

  private scheduleNext(delayMs: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    // An emit that finds no room starts it, too.
    this.timer = inOwnContext(() => setTimeout(() => (this.round = this.runRound()), delayMs));
  }

  private async runRound(): Promise<void> {
    this.running = true;
    try {
      await this.runOnce();
      this.outage.worked();
    } catch (error) {
      // The database is away: the next round looks again.
      this.outage.failed(error);
    }
    this.running = false;
    this.scheduleNext(this.backlog ? BACKLOG_INTERVAL_MS : this.config.delivery.pollIntervalMs);
  }
}
