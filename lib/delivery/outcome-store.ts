import type { WebhooksLogger } from '../config/webhooks-logger.js';
import { thrownText } from '../domain/shown-text.js';
import type { DeliveryRecord, RecordParts } from '../domain/delivery.js';
import { lastingOf } from '../persistence/sql/lasting-error.js';
import type { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';

/** How much of an outcome is stored: from everything to what the schedule needs. */
const PARTS: readonly RecordParts[] = ['all', 'uncounted', 'state'];
const LACKING = [
  'Until this is mended, attempts are missing in the statistics.',
  'Until this is mended, attempts are missing in the log and in the statistics.',
  'Until this is mended, each process remembers what it has sent, and tries again when leases end.',
];
/** After a statement has failed for any values, it is not tried again for this long. */
const SPARED_MS = 30_000;
/** Others may be stored although this outcome can't be. */
const OVER_AFTER_MS = 60_000;

/** None of our statements can store this outcome until somebody repairs the database. */
export class UnstorableOutcome extends Error {}

/**
 * Stores as much of an outcome as the database takes. Without a privilege, a key or a column of the statistics or the
 * log, the schedule still continues. Logs the problem once, and its end once.
 */
export class OutcomeStore {
  private least = 0;
  private leastUntil = 0;
  private failedAt: number | undefined;

  constructor(
    private readonly deliveries: Pick<WebhookDeliveryRepository, 'record'>,
    private readonly logger: WebhooksLogger,
  ) {}

  /**
   * Resolves with false if another process has taken the lease.
   * @throws UnstorableOutcome, or a temporary error of the database
   */
  async record(record: DeliveryRecord): Promise<boolean> {
    if (performance.now() >= this.leastUntil) this.least = 0;
    let lacks: unknown;
    for (let level = this.least; level < PARTS.length; level++) {
      try {
        const held = await this.deliveries.record(record, PARTS[level]!);
        if (level === 0) this.worked();
        if (lacks) this.failed(level, lacks);
        return held;
      } catch (error) {
        const lasting = lastingOf(error);
        if (lasting === 'passes') throw error;
        if (lasting === 'every') this.spare(level);
        lacks = error;
      }
    }
    this.failed(PARTS.length, lacks);
    throw new UnstorableOutcome();
  }

  private spare(level: number): void {
    this.least = Math.min(level + 1, PARTS.length - 1);
    this.leastUntil = performance.now() + SPARED_MS;
  }

  /** @param level that could be stored */
  private failed(level: number, error: unknown): void {
    const isFirst = this.failedAt === undefined;
    this.failedAt = performance.now();
    if (isFirst)
      this.logger.error(`Outcomes can't be stored whole: ${thrownText(error)}. ${LACKING[level - 1]}`);
  }

  private worked(): void {
    if (this.failedAt === undefined || performance.now() - this.failedAt < OVER_AFTER_MS) return;
    this.failedAt = undefined;
    this.logger.warn('Outcomes are stored whole again.');
  }
}
