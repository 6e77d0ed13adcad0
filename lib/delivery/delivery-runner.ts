import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { isLateFor, type HeldEvent } from '../domain/lease.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { LocalWorker } from '../dispatch/local-worker.js';
import type { WebhookClock } from '../domain/clock.js';
import type { LoadedDelivery, LoadedEndpoint, NewAttempt } from '../domain/delivery.js';
import { deferralMs, verdictOf } from '../domain/outcome.js';
import { parkedAt } from '../domain/parking.js';
import { inOwnContext } from '../domain/own-context.js';
import { within } from '../domain/within.js';
import { WebhookSecretUnavailableError } from '../persistence/secret-sealer.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { AttemptSender, isUnsent, type SentAttempt } from './attempt-sender.js';
import { AwaitedRoom } from './awaited-room.js';
import { DeliveryRecorder } from './delivery-recorder.js';
import { EndpointStates } from './endpoint-states.js';
import { ImmediateSender } from './immediate-sender.js';
import type { LaneAnswer, LaneLimits, Started } from './lane.js';
import { Lanes } from './lanes.js';
import { PauseWatch } from './pause-watch.js';
import { SlotReservations } from './slot-reservations.js';
import { WorkerCapacity } from './worker-capacity.js';

/** A tenant gets half of it at most. */
const MOST_HELD = 10_000;
const HELD_PER_REQUEST = 8;
const MOST_CHARACTERS = 64_000_000;
/** A tenant may always have this many deliveries here. */
const LITTLE = 50;
const SWEEP_MS = 250;
const SLOT_LOOK_MS = 5;
const UNSIGNABLE_RETRY_MS = 60_000;
/** When to retry if the endpoint could not be read. */
const UNSEEN_RETRY_MS = 1_000;
/** How long storing the outcomes of cut requests may take. */
const RECORDING_MS = 1_000;
const NOT_SENT: LaneAnswer = { verdict: 'ignored', durationMs: 0 };

/**
 * Sends leased deliveries. Each gets a place in its endpoint's lane, its turn, its request and its record. A delivery
 * goes back to its row, due at once, if it can't start in time for its lease or its endpoint does not answer.
 */
@Injectable()
export class DeliveryRunner implements LocalWorker {
  private readonly logger = new WebhooksLogger();
  private readonly capacity: WorkerCapacity;
  private readonly lanes: Lanes<LoadedDelivery>;
  private readonly slots: SlotReservations;
  private readonly endpoints: EndpointStates;
  private readonly running = new Set<Promise<unknown>>();
  private sweeper: NodeJS.Timeout | undefined;
  private readonly awaitedRoom = new AwaitedRoom(this);
  private started = false;
  private closed = false;
  private givingBack = false;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookDeliveryRepository) deliveries: WebhookDeliveryRepository,
    @Inject(AttemptSender) private readonly sender: AttemptSender,
    @Inject(DeliveryRecorder) private readonly recorder: DeliveryRecorder,
    @Inject(ImmediateSender) private readonly immediate: ImmediateSender,
    @Inject(WebhookEndpointRepository) endpointRows: WebhookEndpointRepository,
    @Inject(PauseWatch) private readonly pauses: PauseWatch,
  ) {
    const { concurrency, endpointConcurrency } = config.delivery;
    const held = Math.max(MOST_HELD, HELD_PER_REQUEST * concurrency);
    this.capacity = new WorkerCapacity({ deliveries: held, characters: MOST_CHARACTERS });
    this.lanes = new Lanes({ total: concurrency, perLane: endpointConcurrency });
    this.slots = new SlotReservations(this.lanes, endpointRows, clock, {
      startNext: () => this.startNext(),
      defer: (delivery, forMs) => this.defer(delivery, forMs),
      track: (work) => this.track(work),
    });
    this.endpoints = new EndpointStates((id) => deliveries.endpoint(id));
  }

  get isStarted(): boolean {
    return this.started && !this.draining;
  }

  /** Takes what this process emits from now on. */
  start(): void {
    this.started = true;
  }

  get isPaused(): boolean {
    return this.pauses.current.coversAll;
  }

  get isFull(): boolean {
    return this.draining || this.capacity.room() === 0;
  }

  room(): number {
    return this.isFull ? 0 : Math.min(this.capacity.room(), this.lanes.roomAhead(this.clock.now()));
  }

  claimRoom(tenant: string): number {
    const little = LITTLE - this.capacity.heldOf(tenant);
    return Math.min(this.ownRoom(tenant), Math.max(little, this.room()));
  }

  ownRoom(tenant: string): number {
    return this.draining || this.isPaused ? 0 : this.capacity.room(tenant);
  }

  laneRoom(endpointId: string): number {
    return this.lanes.room(endpointId, this.clock.now());
  }

  isAway(endpointId: string): boolean {
    return this.lanes.isAway(endpointId);
  }

  get hasFullLane(): boolean {
    return this.lanes.isOneFull(this.clock.now());
  }

  closedLanes(): string[] {
    return this.lanes.closed(this.clock.now());
  }

  whenRoom(endpointIds: readonly string[] | null, listener: () => void): void {
    this.awaitedRoom.await(endpointIds, listener);
  }

  run(deliveries: readonly LoadedDelivery[], seenAt: number): void {
    if (deliveries.length === 0) return;
    for (const delivery of deliveries) {
      this.capacity.hold(delivery);
      this.endpoints.saw(delivery.endpointId, delivery.endpoint, seenAt);
    }
    // Not in the async context of an emit's caller.
    inOwnContext(() => {
      for (const delivery of deliveries) this.place(delivery);
      this.startNext();
    });
  }

  async runLoaded(loading: Promise<readonly LoadedDelivery[]>, seenAt: number): Promise<void> {
    const run = loading.then((deliveries) => this.run(deliveries, seenAt));
    this.track(run);
    await run.catch(() => undefined);
  }

  /**
   * Sends one delivery at once, regardless of lanes and limits. Resolves with the recorded attempt; `null` if the lease
   * was lost or the endpoint is gone. Cancels a delivery that can't be sent.
   * @throws WebhookSecretUnavailableError
   */
  runNow(held: HeldEvent): Promise<NewAttempt | null> {
    return this.now(() => this.immediate.send(held));
  }

  /** Sends one request for a delivery that is not stored. @throws WebhookSecretUnavailableError */
  sendUnstored(delivery: LoadedDelivery, endpoint: LoadedEndpoint): Promise<SentAttempt> {
    return this.now(() => this.immediate.sendUnstored(delivery, endpoint));
  }

  private now<Result>(send: () => Promise<Result>): Promise<Result> {
    const sent = inOwnContext(send);
    this.track(sent.catch(() => undefined));
    return sent;
  }

  /** The deliveries and requests of this process, for metrics. */
  get load(): { readonly held: number; readonly inFlight: number; readonly away: number } {
    return { held: this.capacity.size, inFlight: this.lanes.inFlight, away: this.lanes.away };
  }

  get busy(): boolean {
    return this.running.size > 0 || !this.capacity.isEmpty;
  }

  /** Gives back deliveries that are paused by now and have not started. Requests under way are not affected. */
  parkPaused(): void {
    const pauses = this.pauses.current;
    if (pauses.isEmpty) return;
    for (const delivery of this.lanes.takeOut((one) => pauses.covers(one))) this.park(delivery);
  }

  /** Resolves when nothing is under way any more. Does not stop. */
  async idle(): Promise<void> {
    while (this.busy) {
      if (this.running.size > 0) await Promise.allSettled(this.running);
      // Some wait for a slot of their rate limit.
      else await pause(SLOT_LOOK_MS);
    }
  }

  /** From now on, probes endpoints that don't answer without a pause, until the returned function is called. */
  hurry(): () => void {
    this.lanes.hurried = true;
    return () => (this.lanes.hurried = false);
  }

  /** Takes no more deliveries, and gives back all that it has. */
  async close(graceMs: number): Promise<void> {
    this.closed = true;
    await this.giveBack(graceMs);
    this.recorder.close();
  }

  /**
   * Gives back deliveries that have not started, due at once, and waits for the requests under way. A request that has
   * not ended within the grace period is cut. The receiver may have got it, so it is recorded as an attempt, and is due
   * at once as well.
   */
  async giveBack(graceMs: number): Promise<void> {
    this.givingBack = true;
    for (const delivery of this.lanes.takeOut(() => true)) this.defer(delivery);
    const ended = await within(
      this.idle().then(() => true),
      graceMs,
    );
    if (!ended) {
      this.sender.interrupt();
      await within(this.idle(), RECORDING_MS);
    }
    this.stopSweeper();
    this.givingBack = false;
  }

  /** Whether it takes no deliveries now. */
  get draining(): boolean {
    return this.closed || this.givingBack;
  }

  private place(delivery: LoadedDelivery): void {
    if (this.draining) return this.defer(delivery);
    if (this.pauses.current.covers(delivery)) return this.park(delivery);
    const known = this.endpoints.current(delivery.endpointId);
    this.lanes.add(delivery, known === 'deleted' ? undefined : known, this.clock.now());
  }

  /** Starts what may start now, and makes sure that the rest is looked at again. */
  private startNext(): void {
    const since = performance.now();
    for (;;) {
      const next = this.lanes.next(this.clock.now());
      if (!next) break;
      this.track(this.runInLane(next.item, next.started));
    }
    this.slots.look(since);
    this.sweeper ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  private async runInLane(delivery: LoadedDelivery, started: Started): Promise<void> {
    const answer = await this.deliver(delivery, started);
    const { endpointId } = delivery;
    this.lanes.ended(delivery, answer, started, this.clock.now());
    // They would only take room that others can use.
    if (answer.verdict === 'away')
      for (const other of this.lanes.takeOutLast(endpointId, Infinity)) this.defer(other);
    this.startNext();
    this.awaitedRoom.look(endpointId);
  }

  /** Never rejects, so that the lane always gets its place back. */
  private async deliver(delivery: LoadedDelivery, { limits }: Started): Promise<LaneAnswer> {
    try {
      const { endpointId } = delivery;
      if (this.pauses.isOld) await this.pauses.renew();
      const endpoint = this.endpoints.current(endpointId) ?? (await this.endpoints.look(endpointId));
      if (endpoint === 'deleted' || (!endpoint.active && !delivery.test)) {
        const reason = endpoint === 'deleted' ? 'endpoint-deleted' : 'endpoint-inactive';
        this.end(delivery, this.recorder.cancel(delivery, reason));
      } else if (this.draining || this.isLate(delivery)) this.defer(delivery);
      else if (this.pauses.current.covers(delivery)) this.park(delivery);
      else if (this.isDeferred(endpointId, endpoint) && !delivery.test) this.deferAll(delivery, endpoint);
      else if (hasOther(endpoint, limits)) this.place(delivery);
      else return await this.send(delivery, endpoint);
    } catch (error) {
      this.logger.error(`Delivery ${delivery.id} could not be sent: ${(error as Error).message}`);
      const isUnsignable = error instanceof WebhookSecretUnavailableError;
      this.defer(delivery, isUnsignable ? UNSIGNABLE_RETRY_MS : UNSEEN_RETRY_MS);
    }
    return NOT_SENT;
  }

  private async send(delivery: LoadedDelivery, endpoint: LoadedEndpoint): Promise<LaneAnswer> {
    const known = this.recorder.known(delivery);
    if (!known) {
      this.end(delivery, this.recorder.recordAgain(delivery));
      return NOT_SENT;
    }
    const sent = await this.sender.send(known, endpoint);
    if (isUnsent(sent)) {
      this.defer(delivery);
      return NOT_SENT;
    }
    const deferredMs = deferralMs(sent.result, sent.endedAt);
    if (deferredMs !== null) this.endpoints.defer(delivery.endpointId, sent.endedAt + deferredMs);
    this.end(delivery, this.record(known, endpoint, sent));
    return { verdict: verdictOf(sent.result), durationMs: sent.result.durationMs };
  }

  private async record(delivery: LoadedDelivery, endpoint: LoadedEndpoint, sent: SentAttempt): Promise<void> {
    const attempt = await this.recorder.record(delivery, endpoint, sent);
    const isHealthy = attempt?.outcome === 'succeeded' && endpoint.failingSince === null;
    if (isHealthy) return;
    this.endpoints.deferralStored(delivery.endpointId);
    this.endpoints.changed(delivery.endpointId);
  }

  private isDeferred(endpointId: string, endpoint: LoadedEndpoint): boolean {
    return this.endpoints.deferredUntil(endpointId, endpoint) > this.clock.now();
  }

  /** Gives back a delivery with all that wait behind it. */
  private deferAll(delivery: LoadedDelivery, endpoint: LoadedEndpoint): void {
    const { endpointId } = delivery;
    const forMs = this.endpoints.deferredUntil(endpointId, endpoint) - this.clock.now();
    for (const other of [delivery, ...this.lanes.takeOutLast(endpointId, Infinity)]) this.defer(other, forMs);
  }

  private isLate({ leaseExpiresAt }: LoadedDelivery): boolean {
    return isLateFor(leaseExpiresAt, this.clock.now(), this.config.delivery.timeoutMs);
  }

  /** Gives a delivery back to its row. */
  private defer(delivery: LoadedDelivery, forMs = 0): void {
    this.end(delivery, this.recorder.defer(delivery, this.clock.now() + forMs));
  }

  /** Gives a due delivery back to its row, where no claim finds it until its pause ends. */
  private park(delivery: LoadedDelivery): void {
    this.end(delivery, this.recorder.defer(delivery, parkedAt(this.clock.now())));
  }

  private end(delivery: LoadedDelivery, recorded: Promise<unknown>): void {
    this.track(recorded, () => {
      this.capacity.release(delivery);
      this.awaitedRoom.look();
    });
  }

  private sweep(): void {
    for (const delivery of this.lanes.takeOut((one) => this.isLate(one))) this.defer(delivery);
    if (this.capacity.isEmpty) this.stopSweeper();
  }

  private stopSweeper(): void {
    clearInterval(this.sweeper);
    this.sweeper = undefined;
    this.slots.stop();
  }

  private track(work: Promise<unknown>, onEnd?: () => void): void {
    const ended = (): void => {
      this.running.delete(work);
      onEnd?.();
    };
    this.running.add(work);
    // One promise for each piece of work: `catch` and `finally` would make four.
    work.then(ended, (error: Error) => {
      this.logger.error(error.message);
      ended();
    });
  }
}

/** Whether the endpoint's limits have changed since a request was started. */
const hasOther = ({ rateLimit, concurrency }: LaneLimits, started: LaneLimits): boolean =>
  rateLimit !== started.rateLimit || concurrency !== started.concurrency;
