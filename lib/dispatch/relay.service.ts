import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_LOCAL_WORKER } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { ROWS_AT_ONCE } from '../domain/claim.js';
import type { LoadedDelivery } from '../domain/delivery.js';
import { newLease } from '../domain/lease.js';
import { OutageLog } from '../domain/outage-log.js';
import { inOwnContext } from '../domain/own-context.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { EndpointWalk } from './endpoint-walk.js';
import type { LocalWorker } from './local-worker.js';

/** The pause between walks while more is due than fits. Due deliveries and room add up meanwhile. */
const PAUSE_MS = 15;
const PROBE_INTERVAL_MS = 1_000;

/**
 * Claims what is due, as much as this process's worker has room for: new deliveries that no process kept, retries whose
 * time has come, and deliveries whose lease ended because a process died. Claims on a wake-up, after a poll interval if
 * something is due, and when there is room again.
 */
@Injectable()
export class RelayService {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'The relay can’t claim');
  private readonly walk: EndpointWalk;
  private timer: NodeJS.Timeout | undefined;
  /** When the timer fires, by `performance.now()`. */
  private nextAt = Infinity;
  /** When a poll interval without a claim is over, by `performance.now()`. */
  private pollAt = 0;
  private round: Promise<void> | undefined;
  private again = false;
  private stopped = true;
  private closed = false;
  /** The last claim was full, so more may be due. */
  private hasMore = false;
  /** When it last walked, by `performance.now()`. */
  private walkedAt = -Infinity;
  /** Endpoints with more due than there was room for; `null` if there was no room at all. */
  private withoutRoom: readonly string[] | null = [];

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_LOCAL_WORKER) private readonly worker: LocalWorker,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
  ) {
    this.walk = new EndpointWalk(deliveries, worker);
  }

  start(): void {
    this.stopped = false;
    this.schedule(0);
  }

  /** Stops for good. Resolves when the running claim has ended. */
  async stop(): Promise<void> {
    this.closed = true;
    await this.halt();
  }

  /** Claims nothing until the returned function is called, and does not look again for one poll interval after that. */
  async pause(): Promise<() => void> {
    const wasRunning = !this.stopped;
    await this.halt();
    return () => {
      if (!wasRunning || this.closed) return;
      this.stopped = false;
      this.pollLater();
    };
  }

  /**
   * Claims what is due, unless it did so within about a poll interval. @param hasDue whether something seems to be due
   * @param everyMs how often this is called
   */
  poll(hasDue: boolean, everyMs: number): void {
    if (performance.now() + everyMs / 2 < this.pollAt) return;
    if (hasDue || this.outage.isOpen) void this.wake();
    else this.pollLater();
  }

  /** Whether it is claiming, or will claim as soon as there is room. */
  get busy(): boolean {
    return !this.stopped && (this.round !== undefined || this.hasMore || this.hasMoreToSend);
  }

  /** Claims what is due. Resolves with whether more is due, for another worker. Never rejects. */
  async wake(): Promise<boolean> {
    if (this.stopped) return false;
    this.again = true;
    await (this.round ??= inOwnContext(() => this.runRounds()));
    return this.hasMoreToSend;
  }

  /** Claims what is due now, as far as there is room. Resolves with the number of deliveries. */
  async runOnce(): Promise<number> {
    // Two claims at once would each skip the rows that the other has locked.
    await this.round;
    let total = 0;
    for (let claimed = await this.claimSome(); claimed > 0; claimed = await this.claimSome()) {
      total += claimed;
    }
    this.lookAgain();
    return total;
  }

  private async claimSome(): Promise<number> {
    if (this.worker.isPaused) {
      this.withoutRoom = [];
      this.hasMore = false;
      return 0;
    }
    if (this.worker.isFull) {
      this.withoutRoom = null;
      return 0;
    }
    this.withoutRoom = [];
    // Without room, only tenants with few deliveries here get more.
    const limit = Math.min(ROWS_AT_ONCE, this.worker.room() || ROWS_AT_ONCE / 4);
    const seenAt = performance.now();
    const claimed = await this.claim(limit);
    this.worker.run(claimed, seenAt);
    return claimed.length;
  }

  /**
   * Claims the oldest deliveries while there is room for everything that is due; otherwise in turns, so that no backlog
   * delays the others.
   */
  private async claim(limit: number): Promise<LoadedDelivery[]> {
    const now = this.clock.now();
    const lease = newLease(now, this.config.delivery.leaseMs);
    if (!this.mustWalk) {
      const claimed = await this.deliveries.claimOldest({ now, limit }, lease);
      this.hasMore = claimed.length === limit;
      return claimed;
    }
    this.walkedAt = performance.now();
    const { shares, withoutRoom } = await this.walk.next(now, limit);
    this.withoutRoom = withoutRoom;
    this.hasMore = shares.length > 0;
    return shares.length > 0 ? this.deliveries.claimShares(shares, now, lease) : [];
  }

  private get mustWalk(): boolean {
    return this.hasMore || this.worker.room() === 0 || this.worker.hasFullLane;
  }

  /** Claims again at once while there is room for many deliveries; otherwise after a pause. */
  private async runRound(): Promise<void> {
    if (this.mustWalk && this.pauseLeftMs > 0) this.hasMore = true;
    else while ((await this.claimSome()) >= ROWS_AT_ONCE / 2);
  }

  private get pauseLeftMs(): number {
    return Math.max(0, this.walkedAt + PAUSE_MS - performance.now());
  }

  private get hasMoreToSend(): boolean {
    return this.withoutRoom === null || this.withoutRoom.some((id) => !this.worker.isAway(id));
  }

  private async halt(): Promise<void> {
    this.stopped = true;
    this.clearTimer();
    await this.round;
  }

  /** Sets the timer, unless it fires sooner anyway. */
  private schedule(delayMs: number): void {
    if (this.stopped || this.round || performance.now() + delayMs >= this.nextAt) return;
    this.clearTimer();
    this.nextAt = performance.now() + delayMs;
    this.timer = inOwnContext(() => setTimeout(() => void this.wake(), delayMs));
  }

  private clearTimer(): void {
    clearTimeout(this.timer);
    this.nextAt = Infinity;
  }

  private async runRounds(): Promise<void> {
    this.clearTimer();
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        await this.runRound();
        this.outage.worked();
      } catch (error) {
        // The database is down: the next round looks again.
        this.outage.failed(error);
      }
    }
    this.round = undefined;
    this.lookAgain();
  }

  private pollLater(): void {
    this.pollAt = performance.now() + this.config.delivery.pollIntervalMs;
  }

  /** Looks again at the next poll; sooner if more is due, or as soon as there is room for it. */
  private lookAgain(): void {
    this.pollLater();
    if (this.hasMore) this.schedule(this.pauseLeftMs);
    if (this.withoutRoom !== null && this.withoutRoom.length === 0) return;
    // Endpoints that don't answer are probed from time to time.
    this.schedule(PROBE_INTERVAL_MS);
    this.worker.whenRoom(this.withoutRoom, () => this.schedule(this.pauseLeftMs));
  }
}
