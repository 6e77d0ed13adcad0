import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { namesProblem } from './config/option-names.js';
import { WEBHOOKS_CLOCK } from './config/tokens.js';
import { DeliveryRecorder } from './delivery/delivery-recorder.js';
import { DeliveryRunner } from './delivery/delivery-runner.js';
import { PauseWatch } from './delivery/pause-watch.js';
import { OutcomeTally } from './delivery/outcome-tally.js';
import { RelayService } from './dispatch/relay.service.js';
import type { WebhookClock } from './domain/clock.js';
import { parseDuration, type WebhookDuration } from './domain/duration.js';
import { inOwnContext } from './domain/own-context.js';
import { within } from './domain/within.js';
import { WebhooksError } from './domain/webhooks.error.js';
import { ParkedDeliveries } from './operation/acts/parked-deliveries.js';
import { WebhookDeliveryRepository } from './persistence/webhook-delivery.repository.js';

/** The pause before it looks again, while due deliveries find no place. */
const PAUSE_MS = 50;

export interface DeliverDueOptions {
  /** How long to send and wait, in real time. Default: `30s`. */
  timeout?: WebhookDuration;
}

/** What happened to the deliveries that were due. Each is counted once, by its last attempt. */
export interface DeliveredDue {
  readonly succeeded: number;
  /** Failed, and will be retried by the schedule. */
  readonly retrying: number;
  readonly failed: number;
  /** Had no receiver. */
  readonly canceled: number;
  /**
   * Still due when the time was up; 0 if everything was sent. They are due at once for the next run, or for a worker.
   */
  readonly left: number;
}

/** An option of `deliverDue` can't work. Nothing was sent. */
export class InvalidDeliverDueOptionError extends WebhooksError {
  readonly code = 'webhooks/invalid-deliver-due-option';

  constructor(problem: string) {
    super(`deliverDue: ${problem}`);
  }
}

/** Sends what is due and waits for it: for processes that don't live long enough for a worker. */
@Injectable()
export class DueRun {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(RelayService) private readonly relay: RelayService,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(PauseWatch) private readonly pauses: PauseWatch,
    @Inject(ParkedDeliveries) private readonly parked: ParkedDeliveries,
    @Inject(DeliveryRecorder) private readonly recorder: DeliveryRecorder,
  ) {}

  /** Runs one after the other. Each has its own time. */
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
    await this.pauses.renew();
    // No worker may be there that brings it back.
    await this.parked.bringSomeBack();
    // Otherwise it would claim, just before the time is up, what should be left to others.
    const resumeRelay = await this.relay.pause();
    const ends = [this.recorder.countIn(tally), this.runner.hurry(), resumeRelay];
    let left = 0;
    try {
      if (!(await this.sendAll(deadline))) {
        await this.runner.giveBack(0);
        left = await this.deliveries.countDue(this.clock.now());
      }
    } finally {
      for (const end of ends) end();
    }
    const { succeeded, retrying, failed, canceled } = tally;
    return { succeeded, retrying, failed, canceled, left };
  }

  /** Resolves with false if the time was up before everything was sent. */
  private async sendAll(deadline: number): Promise<boolean> {
    while (leftUntil(deadline) > 0 && !this.runner.draining) {
      const claimed = await this.relay.runOnce();
      const isDone = claimed === 0 && !this.runner.busy;
      if (isDone && this.runner.isPaused) return false;
      if (isDone && (await this.deliveries.countDue(this.clock.now())) === 0) return true;
      // Due deliveries may have no place yet: their endpoint does not answer, or is over its rate limit.
      if (isDone) await setTimeout(pauseBefore(deadline));
      else await within(this.runner.idle(), pauseBefore(deadline));
    }
    return false;
  }
}

const leftUntil = (deadline: number): number => Math.max(0, deadline - performance.now());
const pauseBefore = (deadline: number): number => Math.min(PAUSE_MS, leftUntil(deadline));
