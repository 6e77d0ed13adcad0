import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_QUEUE } from '../../config/tokens.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import { DeliveryRunner } from '../../delivery/delivery-runner.js';
import { PauseWatch } from '../../delivery/pause-watch.js';
import type { WebhookQueue } from '../../dispatch/webhook-queue.js';
import { OutageLog } from '../../domain/outage-log.js';
import { inOwnContext } from '../../domain/own-context.js';
import { NO_PAUSES, type Pauses } from '../../domain/pauses.js';
import { HeartbeatService } from '../heartbeat.service.js';
import { ParkedDeliveries } from './parked-deliveries.js';

/** A worker that has not seen the end of a pause yet may park a delivery shortly after it. */
const AGAIN_AFTER_MS = 2_000;
/** A worker that could not write its heartbeat for long may do so even later. */
const SOME_EVERY_MS = 30_000;

/** Applies the pauses that a worker knows: parks what they cover, and brings back what none covers any more. */
@Injectable()
export class PauseRounds {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'What was paused can’t be brought back');
  private last: Pauses = NO_PAUSES;
  private applying: Promise<unknown> = Promise.resolve();
  private isApplying = false;
  private hasEnded = false;
  private againAt = Infinity;
  private someAt = performance.now() + SOME_EVERY_MS * Math.random();

  constructor(
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(PauseWatch) private readonly watch: PauseWatch,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(ParkedDeliveries) private readonly parked: ParkedDeliveries,
    @Inject(HeartbeatService) private readonly heartbeat: HeartbeatService,
  ) {}

  async stop(): Promise<void> {
    this.parked.stop();
    await this.applying;
  }

  /**
   * Applies the current pauses. When it resolves, everything that an ended pause covered is due again. Never rejects.
   */
  look(): Promise<unknown> {
    return this.inTurn(async () => {
      await this.watch.look();
      await this.round();
    });
  }

  /** The same after a pause has ended of which this process may not have known. */
  lookForEnded(): Promise<unknown> {
    this.hasEnded = true;
    return this.look();
  }

  /** Applies the pauses as they were read last. */
  apply(): void {
    this.runner.parkPaused();
    if (!this.isApplying) void this.inTurn(() => this.round());
  }

  private inTurn(work: () => Promise<void>): Promise<unknown> {
    return (this.applying = this.applying.then(() => inOwnContext(work)));
  }

  private async round(): Promise<void> {
    this.isApplying = true;
    const pauses = this.watch.current;
    const { last } = this;
    this.last = pauses;
    const isOwn = this.hasEnded;
    const hasEnded = isOwn || !pauses.hasAllOf(last);
    this.hasEnded = false;
    this.runner.parkPaused();
    if (hasEnded) this.againAt = performance.now() + AGAIN_AFTER_MS;
    // Only deliveries that a worker had claimed were parked.
    if (last.coversAll && !pauses.coversAll) this.queue.wake();
    try {
      // The process that ended the pause brings back the rest.
      if (isOwn) await this.parked.bringAllBack();
      else if (hasEnded) await this.parked.bringLatestBack();
      else if (performance.now() >= this.againAt) await this.bringBackAgain();
      else if (performance.now() >= this.someAt) await this.bringBackSome();
      this.outage.worked();
    } catch (error) {
      this.againAt = performance.now() + AGAIN_AFTER_MS;
      this.outage.failed(error);
    }
    this.isApplying = false;
  }

  private async bringBackAgain(): Promise<void> {
    this.againAt = Infinity;
    // The process that ended the pause may have died.
    if (await this.heartbeat.isFirst()) await this.parked.bringAllBack();
    else await this.parked.bringLatestBack();
  }

  private async bringBackSome(): Promise<void> {
    this.someAt = performance.now() + SOME_EVERY_MS;
    if (await this.heartbeat.isFirst()) await this.parked.bringSomeBack();
  }
}
