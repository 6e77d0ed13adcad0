import { setImmediate, setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { namesProblem } from './config/option-names.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_QUEUE } from './config/tokens.js';
import { DeliveryRecorder } from './delivery/delivery-recorder.js';
import { DeliveryRunner, type Hurry } from './delivery/delivery-runner.js';
import { OutcomeTally } from './delivery/outcome-tally.js';
import { LeaseIssuer } from './dispatch/lease-issuer.js';
import { RelayService } from './dispatch/relay.service.js';
import { entriesOf, type QueueEntry, type WebhookQueue } from './dispatch/webhook-queue.js';
import type { WebhookClock } from './domain/clock.js';
import { parseDuration, type Duration } from './domain/duration.js';
import { inOwnContext } from './domain/own-context.js';
import { within } from './domain/within.js';
import { WebhooksError } from './domain/webhooks.error.js';
import { WebhookDeliveryRepository } from './persistence/webhook-delivery.repository.js';

const CLAIM_SIZE = 200;
/** Entries whose deliveries have no place yet: a few, so that those of one endpoint do not keep the others out. */
const MOST_ACCEPTING = 8;
/** How soon it looks again while what is due finds no place. */
const PAUSE_MS = 100;

export interface DeliverDueOptions {
  /** How long to send and wait, in real time. Default: `30s`. */
  timeout?: Duration;
}

/** What became of the deliveries that were due. Each is counted once, by its last attempt. */
export interface DeliveredDue {
  readonly succeeded: number;
  /** Failed, with an attempt to follow by the retry schedule. */
  readonly retrying: number;
  readonly failed: number;
  /** There was nobody to send to. */
  readonly canceled: number;
  /** Still due when the time was up: 0 where all was sent. They are due at once for the next run, or a worker. */
  readonly left: number;
}

/** An option of `deliverDue` can't work. Nothing was sent. */
export class InvalidDeliverDueOptionError extends WebhooksError {
  readonly code = 'webhooks/invalid-deliver-due-option';

  constructor(problem: string) {
    super(`deliverDue: ${problem}`);
  }
}

/** Sends what is due, and waits for it: for processes that do not live long enough for a worker. */
@Injectable()
export class DueRun {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(LeaseIssuer) private readonly leases: LeaseIssuer,
    @Inject(RelayService) private readonly relay: RelayService,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(DeliveryRecorder) private readonly recorder: DeliveryRecorder,
  ) {}

  /** One run after the other, each within its own time. */
  run(options: DeliverDueOptions = {}): Promise<DeliveredDue> {
    const unknown = namesProblem(options, ['timeout']);
    if (unknown) throw new InvalidDeliverDueOptionError(`${unknown.name} ${unknown.problem}`);
    const { timeout = '30s' } = options;
    const timeoutMs = parseDuration(timeout);
    if (timeoutMs === undefined)
      throw new InvalidDeliverDueOptionError(
        `timeout must be a duration such as '20s' or a number of ms, got ${JSON.stringify(timeout)}.`,
      );
    const deadline = performance.now() + timeoutMs;
    return inOwnContext(() => {
      const run = this.last.then(() => this.runUntil(deadline));
      this.last = run.catch(() => undefined);
      return run;
    });
  }

  private async runUntil(deadline: number): Promise<DeliveredDue> {
    const tally = new OutcomeTally();
    const hurry = new HurryUntil(this.clock.now() + leftUntil(deadline));
    // It would claim, just before the time is up, what is to be left to others.
    const resumeRelay = await this.relay.pause();
    const ends = [this.recorder.countIn(tally), this.runner.hurried(hurry), resumeRelay];
    let left = 0;
    try {
      if (!(await this.sendAll(deadline, hurry))) {
        await this.runner.giveBack(0);
        left = await this.deliveries.countDue(this.clock.now());
      }
    } finally {
      for (const end of ends) end();
    }
    const { succeeded, retrying, failed, canceled } = tally;
    return { succeeded, retrying, failed, canceled, left };
  }

  /** False where the time was up before all was sent. */
  private async sendAll(deadline: number, hurry: HurryUntil): Promise<boolean> {
    const accepting = new Set<Promise<unknown>>();
    while (leftUntil(deadline) > 0 && !this.runner.draining) {
      const { putOff } = hurry;
      const entries = accepting.size < MOST_ACCEPTING ? await this.nextEntries() : [];
      for (const entry of entries) {
        const accepted = this.runner.accept(entry).finally(() => accepting.delete(accepted));
        accepting.add(accepted);
      }
      if (entries.length === 0) {
        // What was emitted just before is handed over by now.
        await setImmediate();
        if (!this.runner.busy && !hurry.isAwaitingMore) return true;
      }
      const placed: Promise<unknown> = entries.length > 0 ? Promise.all(accepting) : this.runner.idle();
      await within(placed, pauseBefore(deadline));
      const findsNothing = entries.length === 0 && !this.runner.busy;
      if (findsNothing || hurry.putOff > putOff) await setTimeout(pauseBefore(deadline));
    }
    return false;
  }

  /** What waits in the queue for whoever is free, a lease of this process included, and what is due in its rows. */
  private async nextEntries(): Promise<QueueEntry[]> {
    const waiting = await this.queue.takeWaiting();
    const lease = this.leases.forClaim();
    const claim = { now: this.clock.now(), limit: CLAIM_SIZE, newestFirst: false };
    return [...waiting, ...entriesOf(lease, await this.deliveries.claimDue(claim, lease))];
  }
}

/** What the runner tells a run. */
class HurryUntil implements Hurry {
  putOff = 0;
  private comesBackAt = 0;

  constructor(readonly until: number) {}

  comesBackIn(ms: number): void {
    this.comesBackAt = Math.max(this.comesBackAt, performance.now() + ms);
  }

  /** Something was put off by its rate limit, and comes back within the run. */
  get isAwaitingMore(): boolean {
    return performance.now() < this.comesBackAt;
  }
}

const leftUntil = (deadline: number): number => Math.max(0, deadline - performance.now());
const pauseBefore = (deadline: number): number => Math.min(PAUSE_MS, leftUntil(deadline));
