import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { hourOf } from '../domain/hour.js';
import { firstIdAt, type IdPrefix } from '../domain/id.js';
import { OutageLog } from '../domain/outage-log.js';
import { Rounds } from '../domain/rounds.js';
import { WebhookAuditRepository } from '../persistence/webhook-audit.repository.js';
import { WebhookJobRepository } from '../persistence/webhook-job.repository.js';
import {
  WebhookLogRepository,
  type IdRange,
  type PrunedBatch,
} from '../persistence/webhook-log.repository.js';
import type { WebhookTenantSettingsRow } from '../persistence/webhook-tenant-settings.entity.js';
import { WebhookTenantSettingsRepository } from '../persistence/webhook-tenant-settings.repository.js';
import { WebhookStatsRepository } from '../persistence/webhook-stats.repository.js';

const BATCH = 500;
/** The number of tenants with a retention of their own that are read at once. */
const TENANTS = 200;
const INTERVAL_MS = 10 * 60_000;
/**
 * The first pruning comes soon, since some processes are short-lived, but at a random time, since many may start
 * together.
 */
const FIRST_AFTER_MS = { least: 30_000, most: 60_000 };

interface Pruned {
  deliveries: number;
  events: number;
}

/** Deletes what is older than the retention of its tenant, or the option `retention`, in small batches. Never deletes a pending delivery. */
@Injectable()
export class RetentionService {
  private readonly rounds = new Rounds(
    () => this.runOnce(),
    INTERVAL_MS,
    new OutageLog(new WebhooksLogger(), 'Old deliveries can’t be pruned'),
  );

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookAuditRepository) private readonly audit: WebhookAuditRepository,
    @Inject(WebhookJobRepository) private readonly jobs: WebhookJobRepository,
    @Inject(WebhookStatsRepository) private readonly stats: WebhookStatsRepository,
    @Inject(WebhookTenantSettingsRepository) private readonly settings: WebhookTenantSettingsRepository,
  ) {}

  start(): void {
    const { least, most } = FIRST_AFTER_MS;
    this.rounds.start(least + Math.random() * (most - least));
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Deletes everything that is old enough. Resolves with the numbers of deliveries and events. */
  async runOnce(): Promise<Pruned> {
    await this.pruneActs();
    const { retentionMs } = this.config;
    const pruned = { deliveries: 0, events: 0 };
    const exceptOwn = (await this.settings.withRetention('', 1)).length > 0;
    if (retentionMs !== null) await this.prune(pruned, retentionMs, { exceptOwn });
    if (!exceptOwn) return pruned;
    for (let from = ''; !this.rounds.isStopped;) {
      const some: WebhookTenantSettingsRow[] = await this.settings.withRetention(from, TENANTS);
      for (const { tenant, retentionMs: own } of some) await this.prune(pruned, own!, { tenant });
      if (some.length < TENANTS) break;
      // The next read begins with the last tenant again, which has nothing old any more.
      from = some.at(-1)!.tenant;
    }
    return pruned;
  }

  private async prune(
    pruned: Pruned,
    retentionMs: number,
    whose: Pick<IdRange, 'tenant' | 'exceptOwn'>,
  ): Promise<void> {
    const before = Math.max(0, this.clock.now() - retentionMs);
    if (before === 0) return;
    const all = (prefix: IdPrefix, batch: (range: IdRange) => Promise<PrunedBatch>): Promise<number> =>
      this.pruneAll(prefix, before, (range) => batch({ ...range, ...whose }));
    pruned.deliveries += await all('dlv', (range) => this.log.pruneDeliveries(range, BATCH));
    pruned.events += await all('evt', (range) => this.log.pruneEvents(range, BATCH));
    // Statistics are kept by the hour: keep the hour that `before` falls into.
    const beforeHour = hourOf(before);
    for (let fromHour: number | null = 0; fromHour !== null && !this.rounds.isStopped;) {
      fromHour = await this.stats.pruneHours({ fromHour, beforeHour, ...whose }, BATCH);
    }
  }

  /** The audit log, and jobs that have ended: without an audit log, they go with deliveries. */
  private async pruneActs(): Promise<void> {
    const { audit, retentionMs } = this.config;
    const keptMs = audit === null ? retentionMs : audit.retentionMs;
    if (keptMs === null) return;
    const before = Math.max(0, this.clock.now() - keptMs);
    await this.pruneAll('job', before, (range) => this.jobs.prune(range, BATCH));
    if (audit !== null) await this.pruneAll('act', before, (range) => this.audit.prune(range, BATCH));
  }

  /** Goes on from the oldest, each batch after the one before. */
  private async pruneAll(
    prefix: IdPrefix,
    before: number,
    pruneBatch: (range: IdRange) => Promise<PrunedBatch>,
  ): Promise<number> {
    const beforeId = firstIdAt(prefix, before);
    let total = 0;
    for (let afterId: string | null = ''; afterId !== null && !this.rounds.isStopped;) {
      const { pruned, lastId }: PrunedBatch = await pruneBatch({ afterId, beforeId });
      total += pruned;
      afterId = lastId;
    }
    return total;
  }
}
