import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_STRUCTURE } from '../../config/tokens.js';
import type { WebhooksStructure } from '../../config/check-structure.js';
import { DeliveryRunner } from '../../delivery/delivery-runner.js';
import type { WebhookClock } from '../../domain/clock.js';
import { inOwnContext } from '../../domain/own-context.js';
import { within } from '../../domain/within.js';
import { WebhookBacklogRepository } from '../../persistence/webhook-backlog.repository.js';
import { WebhookWorkerRepository } from '../../persistence/webhook-worker.repository.js';
import { LATELY_MS } from '../heartbeat.service.js';
import type { Gauges } from './metric-definitions.js';

/** However often metrics are scraped, the database is not queried more often than this. */
const KEPT_MS = 10_000;
const ANSWER_MS = 3_000;

/** Metrics of the current state. */
@Injectable()
export class GaugesService {
  private stored: Promise<Gauges> | undefined;
  private readAt = -Infinity;

  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
    @Inject(WebhookWorkerRepository) private readonly workers: WebhookWorkerRepository,
  ) {}

  /** Leaves out the metrics of a database that does not answer. Never rejects. */
  async read(): Promise<Gauges> {
    const stored = await this.readStored();
    const own = this.structure.worker ? this.runner.load : {};
    return { ...stored, ...own };
  }

  private readStored(): Promise<Gauges> {
    const age = performance.now() - this.readAt;
    if (this.stored && age < KEPT_MS) return this.stored;
    this.readAt = performance.now();
    const read = inOwnContext(() => within(this.readDatabase(), ANSWER_MS)).catch(() => undefined);
    return (this.stored = read.then((gauges = {}) => gauges));
  }

  private async readDatabase(): Promise<Gauges> {
    const now = this.clock.now();
    const [due, oldestDueAt, disabled, workers] = await Promise.all([
      this.backlog.countDue(now),
      this.backlog.oldestDueAt(now),
      this.backlog.countDisabled(),
      this.workers.list(),
    ]);
    return {
      due,
      oldestDue: oldestDueAt === null ? 0 : (now - oldestDueAt) / 1_000,
      disabled,
      workers: workers.filter(({ seenAt }) => seenAt >= now - LATELY_MS).length,
    };
  }
}
