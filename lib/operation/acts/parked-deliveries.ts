import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_QUEUE } from '../../config/tokens.js';
import { PauseWatch } from '../../delivery/pause-watch.js';
import type { WebhookQueue } from '../../dispatch/webhook-queue.js';
import type { WebhookClock } from '../../domain/clock.js';
import { parkedAt } from '../../domain/parking.js';
import { WebhookPauseRepository } from '../../persistence/webhook-pause.repository.js';

const BATCH = 500;
/** How many a search for leftovers reads at once. */
const SOME_BATCHES = 20;
const LATEST_MS = 5_000;

/** Deliveries that became due while paused, and their return afterwards, the longest paused first. */
@Injectable()
export class ParkedDeliveries {
  /** Where the search for leftovers continues. */
  private from = 0;
  private stopped = false;

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(PauseWatch) private readonly watch: PauseWatch,
    @Inject(WebhookPauseRepository) private readonly pauses: WebhookPauseRepository,
  ) {}

  stop(): void {
    this.stopped = true;
  }

  /** Makes every delivery that no pause covers any more due at its own time. Several processes may do so at once. */
  bringAllBack(): Promise<void> {
    return this.bringBackFrom(0);
  }

  /** The same for those that were parked in the last seconds, by workers that had not seen the end of their pause. */
  bringLatestBack(): Promise<void> {
    return this.bringBackFrom(parkedAt(this.clock.now() - LATEST_MS));
  }

  private async bringBackFrom(start: number): Promise<void> {
    let from: number | null = start;
    while (from !== null) from = await this.bringBatchBack(from);
  }

  /**
   * Does a bounded part of that, after the previous part. It also has to read deliveries still covered, which may be
   * many.
   */
  async bringSomeBack(): Promise<void> {
    for (let batches = 0; batches < SOME_BATCHES; batches++) {
      const next = await this.bringBatchBack(this.from);
      this.from = next ?? 0;
      if (next === null) return;
    }
  }

  /** Returns where more may follow; `null` at the end. */
  private async bringBatchBack(from: number): Promise<number | null> {
    if (this.stopped) return null;
    let limit = BATCH;
    let found = await this.pauses.parked(from, limit);
    // More deliveries than one batch were parked at the same millisecond.
    while (found.length === limit && found.at(-1)!.parkedAt === from) {
      limit *= 2;
      found = await this.pauses.parked(from, limit);
    }
    const free = found.filter((delivery) => !this.watch.current.covers(delivery)).map(({ id }) => id);
    for (let start = 0; start < free.length; start += BATCH) {
      if ((await this.pauses.unpark(free.slice(start, start + BATCH))) > 0) this.queue.wake();
    }
    // Statements on SQLite are synchronous, so this lets requests run in between.
    await setImmediate();
    return found.length < limit ? null : found.at(-1)!.parkedAt;
  }
}
