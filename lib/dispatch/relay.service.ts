import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_LOCAL_WORKER } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import type { LoadedDelivery } from '../domain/delivery.js';
import { newLease } from '../domain/lease.js';
import { OutageLog } from '../domain/outage-log.js';
import { inOwnContext } from '../domain/own-context.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { EndpointWalk } from './endpoint-walk.js';
import type { LocalWorker } from './local-worker.js';

const CLAIM_SIZE = 200;
/** Where there is only room for tenants that have little here. */
const CLAIM_SIZE_OF_LITTLE = 50;
/** While more is due than it could take, it walks through the endpoints this often: what has become due, and room, add up meanwhile. */
const PAUSE_MS = 15;
const PROBE_INTERVAL_MS = 1_000;

/**
 * Claims what is due, as much as this process's worker has room for: new deliveries that nobody took, retries whose time has come,
 * and those whose lease ended because a process died. On a wake-up, at every poll interval, and when there is room again.
 */
@Injectable()
export class RelayService {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'The relay can’t claim');
  private readonly walk: EndpointWalk;
  private timer: NodeJS.Timeout | undefined;
  /** When the timer goes off, by `performance.now()`. */
  private nextAt = Infinity;
  private round: Promise<void> | undefined;
  private again = false;
  private stopped = true;
  private closed = false;
  /** The last claim took as much as it could: more may be due than the oldest. */
  private hasMore = false;
  /** By `performance.now()`. */
  private walkedAt = -Infinity;
  /** Endpoints for which more is due than there was room for; `null` where there was no room for anything. */
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
      this.schedule(this.config.delivery.pollIntervalMs);
    };
  }

  /** Whether it claims, or will as soon as there is room. */
  get busy(): boolean {
    return !this.stopped && (this.round !== undefined || this.hasMore || this.hasMoreToSend);
  }

  /** Claims what is due by now; gives whether there is more of it, for another worker. Never rejects. */
  async wake(): Promise<boolean> {
    if (this.stopped) return false;
    this.again = true;
    await (this.round ??= inOwnContext(() => this.runRounds()));
    return this.hasMoreToSend;
  }

  /** Claims what is due now, as far as there is room; gives how many deliveries that was. */
  async runOnce(): Promise<number> {
    // Two claims at once skip what the other has locked.
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
    const limit = Math.min(CLAIM_SIZE, this.worker.room() || CLAIM_SIZE_OF_LITTLE);
    const seenAt = performance.now();
    const claimed = await this.claim(limit);
    this.worker.run(claimed, seenAt);
    return claimed.length;
  }

  /** The oldest first while there is room for all of it; else in turns, so that nobody waits behind what another has due. */
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

  /** Goes on at once while there is room for many; else it lets some add up. */
  private async runRound(): Promise<void> {
    if (this.mustWalk && this.pauseLeftMs > 0) this.hasMore = true;
    else while ((await this.claimSome()) >= CLAIM_SIZE / 2);
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

  /** Unless it is to run sooner. */
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
        // The database is away: the next round looks again.
        this.outage.failed(error);
      }
    }
    this.round = undefined;
    this.lookAgain();
  }

  /** After a poll interval; sooner where more is due, or as soon as there is room for it. */
  private lookAgain(): void {
    this.schedule(this.config.delivery.pollIntervalMs);
    if (this.hasMore) this.schedule(this.pauseLeftMs);
    if (this.withoutRoom !== null && this.withoutRoom.length === 0) return;
    // Endpoints that are away are probed from time to time.
    this.schedule(PROBE_INTERVAL_MS);
    this.worker.whenRoom(this.withoutRoom, () => this.schedule(this.pauseLeftMs));
  }
}
