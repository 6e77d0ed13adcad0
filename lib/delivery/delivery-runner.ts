import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { isUnreachable } from '../domain/outcome.js';
import { inOwnContext } from '../domain/own-context.js';
import { within } from '../domain/within.js';
import type { LeasedBatch, LoadedDelivery, NewAttempt } from '../persistence/sql/delivery-statements.js';
import { ENTRY_SIZE, type QueueEntry } from '../dispatch/webhook-queue.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { AttemptSender } from './attempt-sender.js';
import { DeliveryRecorder } from './delivery-recorder.js';
import { EndpointBacklogs } from './endpoint-backlogs.js';
import { EndpointWatch } from './endpoint-watch.js';
import { HeldDeliveries } from './held-deliveries.js';
import type { Deferral } from './lane.js';
import { Lanes } from './lanes.js';
import { RateLimiter, type Admission } from './rate-limiter.js';

const SWEEP_MS = 250;
const SECRET_UNAVAILABLE_RETRY_MS = 60_000;
/** Outcomes that wait for the database, and the bodies of all that is here; beyond either no more is taken. */
const MAX_UNRECORDED = 2_000;
const MAX_CHARACTERS = 64_000_000;
const MAX_LOADING = 8 * ENTRY_SIZE;

/**
 * Sends the deliveries of an entry: loads those that its lease still holds, gives each a place in its endpoint's
 * lane, and records what came of it. What finds no place, or would outlive its lease, goes back to its row. An entry
 * that comes twice is sent once.
 */
@Injectable()
export class DeliveryRunner {
  private readonly logger = new WebhooksLogger();
  private readonly lanes: Lanes<LoadedDelivery>;
  private readonly endpoints: EndpointWatch;
  private readonly backlogs: EndpointBacklogs;
  private readonly running = new Set<Promise<unknown>>();
  private readonly held = new HeldDeliveries();
  private sweeper: NodeJS.Timeout | undefined;
  /** Deliveries that are being loaded: their bodies are not counted yet. */
  private loading = 0;
  private readonly toLoad: (() => void)[] = [];
  private readonly toPlace: (() => void)[] = [];
  private draining = false;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(AttemptSender) private readonly sender: AttemptSender,
    @Inject(DeliveryRecorder) private readonly recorder: DeliveryRecorder,
    @Inject(RateLimiter) private readonly rateLimiter: RateLimiter,
  ) {
    const { concurrency, endpointConcurrency } = config.delivery;
    this.lanes = new Lanes({ total: concurrency, perLane: endpointConcurrency });
    this.backlogs = new EndpointBacklogs(clock, (postponement) => deliveries.postpone(postponement));
    this.endpoints = new EndpointWatch((ids) => deliveries.endpoints(ids));
  }

  /**
   * Resolves once every delivery of the entry has its place, not when it has been sent; at the latest when its lease must
   * have ended. Whoever hangs until then must not keep the queue's room from others. False where it came too late.
   */
  async accept(entry: QueueEntry): Promise<boolean> {
    const accepted = this.placeAll(entry);
    this.track(accepted);
    return (await within(accepted, this.config.delivery.leaseMs)) ?? false;
  }

  /**
   * Sends one delivery at once, past lanes and limits, and gives the recorded attempt; `null` where the lease was
   * lost or there is no endpoint any more. One that can't be sent is canceled.
   * @throws WebhookSecretUnavailableError
   */
  runNow(batch: LeasedBatch): Promise<NewAttempt | null> {
    return inOwnContext(() => this.sendNow(batch));
  }

  private async sendNow(batch: LeasedBatch): Promise<NewAttempt | null> {
    const [delivery] = await this.deliveries.load(batch);
    if (!delivery?.endpoint) return null;
    const sent = await this.sender.send(delivery, delivery.endpoint).catch(async (error: unknown) => {
      // The caller is told now: nobody waits for it to be sent later.
      await this.recorder.canceled(delivery, 'not-sent');
      throw error;
    });
    return this.recorder.attempted(delivery, sent);
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Resolves when nothing is under way any more, without stopping. */
  async idle(): Promise<void> {
    while (this.busy) await Promise.allSettled(this.running);
  }

  /** Gives back what has not started and waits for what has. */
  async drain(): Promise<void> {
    this.draining = true;
    this.sweep(Infinity);
    for (const resume of [...this.toLoad.splice(0), ...this.toPlace.splice(0)]) resume();
    await this.idle();
    clearInterval(this.sweeper);
  }

  private async placeAll(entry: QueueEntry): Promise<boolean> {
    while (this.full) await this.turn(this.toLoad);
    if (this.draining) return true;
    // Its rows come back when their lease ends: to load them, and to write that they are late, would only make others late.
    if (this.isLate(entry.expiresAt)) return false;
    const loaded = await this.load(entry);
    const { ready, delayed, refused } = await this.admit(loaded);
    for (const { delivery, at } of delayed) this.track(this.placeLater(delivery, at));
    for (const { delivery, until } of refused) this.end(delivery, this.recorder.deferred(delivery, until));
    // An entry whose deliveries would all wait behind others of their endpoints can wait here: it holds up nobody else.
    if (ready.length > 0 && ready.every(({ endpointId }) => this.lanes.isMoving(endpointId))) {
      while (this.saturated) await this.turn(this.toPlace);
    }
    for (const delivery of ready) this.place(delivery);
    return true;
  }

  private async load(batch: LeasedBatch): Promise<LoadedDelivery[]> {
    const count = batch.deliveryIds.length;
    this.loading += count;
    try {
      return await this.held.add(() => this.deliveries.load(batch));
    } finally {
      this.loading -= count;
      if (!this.full) this.toLoad.shift()?.();
    }
  }

  private async admit(loaded: readonly LoadedDelivery[]): Promise<Admission> {
    try {
      return await this.rateLimiter.admit(loaded, this.clock.now());
    } catch (error) {
      for (const delivery of loaded) this.held.remove(delivery);
      throw error;
    }
  }

  private turn(line: (() => void)[]): Promise<void> {
    return new Promise((resolve) => line.push(resolve));
  }

  private place(delivery: LoadedDelivery): void {
    const now = this.clock.now();
    const { endpointId, leaseExpiresAt } = delivery;
    const place =
      this.draining || this.isLate(leaseExpiresAt)
        ? { until: now }
        : this.lanes.offer(endpointId, delivery, now, this.startBefore(leaseExpiresAt));
    if (place === 'start') this.start(delivery);
    else if (place === 'wait') this.startSweeper();
    else this.putOff(delivery, place);
  }

  private isLate(leaseExpiresAt: number): boolean {
    return this.clock.now() >= this.startBefore(leaseExpiresAt);
  }

  /** A request that starts by then is over, and recorded, when the lease ends. */
  private startBefore(leaseExpiresAt: number): number {
    return leaseExpiresAt - this.config.delivery.timeoutMs;
  }

  private putOff(delivery: LoadedDelivery, { until, spread }: Deferral): void {
    this.end(delivery, this.recorder.deferred(delivery, until));
    if (spread && !this.draining)
      this.track(this.backlogs.putOff(delivery.endpointId, spread, () => this.draining));
  }

  private async placeLater(delivery: LoadedDelivery, at: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - this.clock.now())));
    this.held.remove(delivery);
    // Its endpoint may have been deleted or turned off meanwhile, and its lease be lost.
    const { token, id } = delivery;
    for (const loaded of await this.load({ token, deliveryIds: [id] })) this.place(loaded);
  }

  private start(delivery: LoadedDelivery): void {
    this.track(this.runInLane(delivery));
  }

  private async runInLane(delivery: LoadedDelivery): Promise<void> {
    this.endpoints.refresh(delivery);
    const { durationMs, reachable } = await this.deliver(delivery);
    const { endpointId } = delivery;
    for (const next of this.lanes.ended(endpointId, durationMs, reachable, this.clock.now()))
      this.start(next);
  }

  /** Never rejects: whatever happens, the lane gets its place back. */
  private async deliver(delivery: LoadedDelivery): Promise<{ durationMs: number; reachable: boolean }> {
    const untouched = { durationMs: 0, reachable: true };
    try {
      const { endpoint } = delivery;
      if (!endpoint) {
        this.end(delivery, this.recorder.canceled(delivery, 'endpoint-deleted'));
        return untouched;
      }
      if (!endpoint.active && !delivery.test) {
        this.end(delivery, this.recorder.canceled(delivery, 'endpoint-inactive'));
        return untouched;
      }
      const sent = await this.sender.send(delivery, endpoint);
      this.end(delivery, this.recorder.attempted(delivery, sent));
      return { durationMs: sent.result.durationMs, reachable: !isUnreachable(sent.result) };
    } catch (error) {
      this.logger.error(`Delivery ${delivery.id} could not be sent: ${(error as Error).message}`);
      const until = this.clock.now() + SECRET_UNAVAILABLE_RETRY_MS;
      this.end(delivery, this.recorder.deferred(delivery, until));
      return untouched;
    }
  }

  private end(delivery: LoadedDelivery, recorded: Promise<unknown>): void {
    this.track(recorded, () => this.held.remove(delivery));
  }

  private startSweeper(): void {
    this.sweeper ??= setInterval(() => this.sweep(this.clock.now()), SWEEP_MS).unref();
  }

  private sweep(now: number): void {
    for (const { item, deferral } of this.lanes.expire(now)) this.putOff(item, deferral);
    void this.endpoints.look(this.lanes.waitingKeys());
    if (this.lanes.inFlight === 0) {
      clearInterval(this.sweeper);
      this.sweeper = undefined;
    }
  }

  private track(work: Promise<unknown>, onEnd?: () => void): void {
    const ended = (): void => {
      this.running.delete(work);
      onEnd?.();
      // One of each line: it may take all the room there is. Its own end calls the next.
      if (!this.full) this.toLoad.shift()?.();
      if (!this.saturated) this.toPlace.shift()?.();
    };
    this.running.add(work);
    // One promise for each piece of work, where `catch` and `finally` would make four.
    work.then(ended, (error: Error) => {
      this.logger.error(error.message);
      ended();
    });
  }

  /** What waits for a place counts, so this must not keep it from one. */
  private get full(): boolean {
    if (this.draining) return false;
    return this.unrecorded || this.loading >= MAX_LOADING || this.held.characters > MAX_CHARACTERS;
  }

  private get saturated(): boolean {
    return !this.draining && (this.unrecorded || this.lanes.saturated);
  }

  private get unrecorded(): boolean {
    return this.running.size > MAX_UNRECORDED;
  }
}
