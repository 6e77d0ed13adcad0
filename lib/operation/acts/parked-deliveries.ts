import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_QUEUE } from '../../config/tokens.js';
import { PauseWatch } from '../../delivery/pause-watch.js';
import type { WebhookQueue } from '../../dispatch/webhook-queue.js';
import { WebhookPauseRepository } from '../../persistence/webhook-pause.repository.js';

const BATCH = 500;
/** Of one look for what somebody has left behind. */
const SOME_BATCHES = 20;

/** Deliveries that became due while they were paused, and coming back from that: the longest paused first. */
@Injectable()
export class ParkedDeliveries {
  /** From where on it looks for what was left behind. */
  private from = 0;
  private stopped = false;

  constructor(
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(PauseWatch) private readonly watch: PauseWatch,
    @Inject(WebhookPauseRepository) private readonly pauses: WebhookPauseRepository,
  ) {}

  stop(): void {
    this.stopped = true;
  }

  /** Makes all that no pause covers any more due at its own time. Works beside others that do the same. */
  async bringAllBack(): Promise<void> {
    let from: number | null = 0;
    while (from !== null) from = await this.bringBatchBack(from);
  }

  /** A bounded part of that, behind the part before: what is covered still has to be read, and may be much. */
  async bringSomeBack(): Promise<void> {
    for (let batches = 0; batches < SOME_BATCHES; batches++) {
      const next = await this.bringBatchBack(this.from);
      this.from = next ?? 0;
      if (next === null) return;
    }
  }

  /** Gives from where on there may be more; `null` at the end. */
  private async bringBatchBack(from: number): Promise<number | null> {
    if (this.stopped) return null;
    let limit = BATCH;
    let found = await this.pauses.parked(from, limit);
    // More than a batch that is parked at the same time.
    while (found.length === limit && found.at(-1)!.parkedAt === from) {
      limit *= 2;
      found = await this.pauses.parked(from, limit);
    }
    const free = found.filter((delivery) => !this.watch.current.covers(delivery)).map(({ id }) => id);
    for (let start = 0; start < free.length; start += BATCH) {
      if ((await this.pauses.unpark(free.slice(start, start + BATCH))) > 0) this.queue.wake();
    }
    // On SQLite the statements are synchronous: requests come in between.
    await setImmediate();
    return found.length < limit ? null : found.at(-1)!.parkedAt;
  }
}
