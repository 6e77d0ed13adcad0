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
import { AttemptSender, isUnsent } from './attempt-sender.js';
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
/** How long the outcomes of what was cut may take to be stored. */
const RECORDING_MS = 1_000;

/** What somebody is told who waits until all that is due has been sent. */
export interface Hurry {
  /** What he does not wait for beyond, epoch ms. */
  readonly until: number;
  /** How many deliveries have found no place so far. */
  putOff: number;
  /** Something is to come back by itself then. */
  comesBackIn(ms: number): void;
}

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
  /** Those that wait for their slot of a rate limit: called, they wait no longer. */
  private readonly delayed = new Set<() => void>();
  private closed = false;
  private givingBack = false;
  /** Set while somebody waits until all that is due has been sent. */
  private hurry: Hurry | undefined;

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
    const sent = inOwnContext(() => this.sendNow(batch));
    this.track(sent.catch(() => undefined));
    return sent;
  }

  private async sendNow(batch: LeasedBatch): Promise<NewAttempt | null> {
    const [delivery] = await this.deliveries.load(batch);
    if (!delivery?.endpoint) return null;
    const sent = await this.sender.send(delivery, delivery.endpoint).catch(async (error: unknown) => {
      // The caller is told now: nobody waits for it to be sent later.
      await this.recorder.canceled(delivery, 'not-sent');
      throw error;
    });
    if (!isUnsent(sent)) return this.recorder.attempted(delivery, sent);
    await this.recorder.canceled(delivery, 'not-sent');
    return null;
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Resolves when nothing is under way any more, without stopping. */
  async idle(): Promise<void> {
    while (this.busy) await Promise.allSettled(this.running);
  }

  /** From now on, whatever finds no place comes back at once, until the function that it gives is called. */
  hurried(hurry: Hurry): () => void {
    this.hurry = hurry;
    return () => (this.hurry = undefined);
  }

  /** Takes nothing more, and gives back all that it has. */
  async close(graceMs: number): Promise<void> {
    this.closed = true;
    await this.giveBack(graceMs);
    this.recorder.close();
  }

  /**
   * Gives what has not started back to its rows, due at once, and waits for what has. What has not ended within the grace is
   * cut: the receiver may have got it, so that it is recorded as an attempt, and is due at once as well.
   */
  async giveBack(graceMs: number): Promise<void> {
    this.givingBack = true;
    this.sweep(Infinity);
    for (const resume of [...this.toLoad.splice(0), ...this.toPlace.splice(0), ...this.delayed]) resume();
    const ended = await within(
      this.idle().then(() => true),
      graceMs,
    );
    if (!ended) {
      this.sender.interrupt();
      await within(this.idle(), RECORDING_MS);
    }
    clearInterval(this.sweeper);
    this.sweeper = undefined;
    this.givingBack = false;
  }

  /** Whether it takes nothing now. */
  get draining(): boolean {
    return this.closed || this.givingBack;
  }

  private async placeAll(entry: QueueEntry): Promise<boolean> {
    while (this.full) await this.turn(this.toLoad);
    if (this.draining) {
      await this.deliveries.release(entry, this.clock.now());
      return true;
    }
    // Its rows come back when their lease ends: to load them, and to write that they are late, would only make others late.
    if (this.isLate(entry.expiresAt)) return false;
    const loaded = await this.load(entry);
    const { ready, delayed, refused } = await this.admit(loaded);
    for (const { delivery, at } of delayed) this.track(this.placeLater(delivery, at));
    for (const { delivery, until } of refused) this.comeBack(delivery, until);
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
    const atOnce = this.draining || this.hurry;
    if (this.hurry) this.hurry.putOff++;
    this.end(delivery, this.recorder.deferred(delivery, atOnce ? this.clock.now() : until));
    if (spread && !atOnce) this.track(this.backlogs.putOff(delivery.endpointId, spread, () => this.draining));
  }

  /** When its rate limit lets it; for whoever hurries, no later than he waits. */
  private comeBack(delivery: LoadedDelivery, at: number): void {
    const now = this.clock.now();
    const until = this.draining ? now : Math.min(at, this.hurry?.until ?? Infinity);
    this.hurry?.comesBackIn(until - now);
    this.end(delivery, this.recorder.deferred(delivery, until));
  }

  private async placeLater(delivery: LoadedDelivery, at: number): Promise<void> {
    await this.waitFor(Math.max(0, at - this.clock.now()));
    this.held.remove(delivery);
    // Its endpoint may have been deleted or turned off meanwhile, and its lease be lost.
    const { token, id } = delivery;
    for (const loaded of await this.load({ token, deliveryIds: [id] })) this.place(loaded);
  }

  private async waitFor(ms: number): Promise<void> {
    if (this.draining) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.delayed.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.delayed.add(end);
    });
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
      const waitMs = this.rateLimiter.takeTurn(delivery);
      if (waitMs > 0) await this.waitFor(waitMs);
      if (waitMs > 0 && (this.draining || this.isLate(delivery.leaseExpiresAt))) {
        this.end(delivery, this.recorder.deferred(delivery, this.clock.now()));
        return untouched;
      }
      const known = this.recorder.known(delivery);
      if (!known) {
        this.end(delivery, this.recorder.recordAgain(delivery));
        return untouched;
      }
      const sent = await this.sender.send(known, endpoint);
      if (isUnsent(sent)) {
        this.end(delivery, this.recorder.deferred(delivery, this.clock.now()));
        return untouched;
      }
      this.end(delivery, this.recorder.attempted(known, sent));
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
