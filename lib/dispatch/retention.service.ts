import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { hourOf } from '../domain/hour.js';
import { firstIdAt } from '../domain/id.js';
import { inOwnContext } from '../domain/own-context.js';
import { WebhookLogRepository } from '../persistence/webhook-log.repository.js';
import { WebhookStatsRepository } from '../persistence/webhook-stats.repository.js';

const BATCH = 500;
const INTERVAL_MS = 10 * 60_000;
/** Soon, since not every process lives for long; and not at once, since many may start together. */
const FIRST_AFTER_MS = { least: 30_000, most: 60_000 };

/** Prunes what is older than the option `retention`, in small batches, and never a delivery that is not final. */
@Injectable()
export class RetentionService {
  private readonly logger = new WebhooksLogger();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private round: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookStatsRepository) private readonly stats: WebhookStatsRepository,
  ) {}

  start(): void {
    if (this.config.retentionMs === null) return;
    const { least, most } = FIRST_AFTER_MS;
    this.scheduleNext(least + Math.random() * (most - least));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  /** Prunes all that is old enough; gives how many deliveries and events that was. */
  async runOnce(): Promise<{ deliveries: number; events: number }> {
    const pruned = { deliveries: 0, events: 0 };
    if (this.config.retentionMs === null) return pruned;
    const before = Math.max(0, this.clock.now() - this.config.retentionMs);
    for (let count = BATCH; this.goesOn(count); pruned.deliveries += count) {
      count = await this.log.pruneDeliveries(firstIdAt('dlv', before), BATCH);
    }
    for (let count = BATCH; this.goesOn(count); pruned.events += count) {
      count = await this.log.pruneEvents(firstIdAt('evt', before), BATCH);
    }
    // The hour of the cut is still of use.
    while (this.goesOn(await this.stats.pruneHours(hourOf(before), BATCH)));
    return pruned;
  }

  private scheduleNext(delayMs: number): void {
    if (this.stopped) return;
    const run = (): void => void (this.round = this.runRound());
    this.timer = inOwnContext(() => setTimeout(run, delayMs)).unref();
  }

  private async runRound(): Promise<void> {
    await this.runOnce().catch((error: Error) =>
      this.logger.error(`Old deliveries could not be pruned: ${error.message}`),
    );
    this.scheduleNext(INTERVAL_MS);
  }

  private goesOn(lastBatch: number): boolean {
    return lastBatch >= BATCH && !this.stopped;
  }
}
