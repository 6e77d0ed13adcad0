import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { hourOf } from '../domain/hour.js';
import { firstIdAt } from '../domain/id.js';
import { WebhookLogRepository } from '../persistence/webhook-log.repository.js';
import { WebhookStatsRepository } from '../persistence/webhook-stats.repository.js';

const BATCH = 500;
const INTERVAL_MS = 10 * 60_000;

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
    this.timer = setInterval(() => {
      this.round = this.runOnce().catch((error: Error) =>
        this.logger.error(`Old deliveries could not be pruned: ${error.message}`),
      );
    }, INTERVAL_MS).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.round;
  }

  /** Prunes all that is old enough; gives how many deliveries and events that was. */
  async runOnce(): Promise<{ deliveries: number; events: number }> {
    const pruned = { deliveries: 0, events: 0 };
    if (this.config.retentionMs === null) return pruned;
    const before = this.clock.now() - this.config.retentionMs;
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

  private goesOn(lastBatch: number): boolean {
    return lastBatch >= BATCH && !this.stopped;
  }
}
