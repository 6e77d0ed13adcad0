import { fieldProblem } from '../../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import type { WebhookClock } from '../../domain/clock.js';
import { HOUR_MS } from '../../domain/hour.js';
import { madeAt } from '../../domain/id.js';
import { iso } from '../../domain/iso.js';
import { InvalidWebhookInputError } from '../../domain/webhooks.error.js';
import { bucketStarts, grouped } from '../../management/stats-buckets.js';
import { StatsService } from '../../management/stats.service.js';
import { spanView, type StatsSpan, type WebhookStatsView } from '../../management/views/stats.views.js';
import { MOST_COUNTED } from '../../persistence/webhook-backlog.repository.js';
import type { WebhookMinute } from '../../persistence/webhook-minute.entity.js';
import { WebhookMinuteRepository } from '../../persistence/webhook-minute.repository.js';
import { WebhookStatsRepository } from '../../persistence/webhook-stats.repository.js';
import { HISTORY_MS, MINUTE_MS } from './operator-history.service.js';
import type { OperatorLagView, OperatorTenantVolumeView, OperatorVolumesView } from './views/stats.views.js';

const DAY_MS = 24 * HOUR_MS;
/** Divisors of an hour, so that a period starts on the hour. */
const BUCKETS_MS = [MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS];
const MOST_POINTS = 300;
const MOST_LOOKED_AT = 50_000;
const MOST_TENANTS = 20;

/** Lag and volume over time. */
@Injectable()
export class OperatorStatsService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(StatsService) private readonly stats: StatsService,
    @Inject(WebhookStatsRepository) private readonly counts: WebhookStatsRepository,
    @Inject(WebhookMinuteRepository) private readonly minutes: WebhookMinuteRepository,
  ) {}

  /**
   * How much was due and for how long, over all tenants, from the rows that the workers store each minute. Each point
   * is the worst of its period.
   * @param periodMs the period until now; 7 days at most, since the rows are kept for that long
   * @throws InvalidWebhookInputError
   */
  async lag(periodMs: number = DAY_MS): Promise<OperatorLagView> {
    const span = this.span(periodMs);
    const rows = await this.minutes.list(span.since, span.until);
    const data = [...grouped(rows, startOf(span))].map(([start, some]) => {
      const due = Math.max(...some.map((row) => row.due));
      const ages = some.flatMap(({ minute, oldestDueAt }) =>
        oldestDueAt === null ? [] : Math.max(0, minute - oldestDueAt),
      );
      const oldestAgeMs = ages.length === 0 ? null : Math.max(...ages);
      return { at: iso(start), due, isMore: due >= MOST_COUNTED, oldestAgeMs };
    });
    return { ...spanView(span), data };
  }

  /**
   * Attempts by outcome, without tests. For a tenant: by the hour, with latencies. For all tenants: from the rows
   * that the workers store each minute, without latencies, and without the last minute of a process that was killed.
   * @param periodMs the period until now; 7 days at most
   * @throws InvalidWebhookInputError
   */
  async volume({
    tenant,
    periodMs = DAY_MS,
  }: {
    tenant?: string;
    periodMs?: number;
  }): Promise<WebhookStatsView> {
    const span = this.span(periodMs);
    const { since, until } = span;
    if (tenant !== undefined) return this.stats.ofTenant(tenant, { since, until });
    const rows = await this.minutes.list(since, until);
    const byBucket = grouped(rows, startOf(span));
    return {
      ...spanView(span),
      total: summed(rows),
      buckets: bucketStarts(span).map((start) => ({
        startAt: iso(start),
        ...summed(byBucket.get(start) ?? []),
      })),
    };
  }

  /**
   * The tenants with the most deliveries, among the newest 50,000 of the period, which bounds the time that it takes.
   * @param periodMs the period until now; 7 days at most
   * @throws InvalidWebhookInputError
   */
  async largest(periodMs: number = HOUR_MS): Promise<OperatorVolumesView> {
    const { until } = this.span(periodMs);
    const asked = this.clock.now() - periodMs;
    const counts = await this.counts.newestByTenant(asked, MOST_LOOKED_AT);
    const looked = counts.reduce((sum, { deliveries }) => sum + deliveries, 0);
    const isWhole = looked < MOST_LOOKED_AT;
    const data = [...grouped(counts, ({ tenant }) => tenant)].map(
      ([tenant, some]): OperatorTenantVolumeView => {
        const view = { tenant, deliveries: 0, pending: 0, succeeded: 0, failed: 0, canceled: 0 };
        for (const { status, deliveries } of some) {
          view[status] += deliveries;
          view.deliveries += deliveries;
        }
        return view;
      },
    );
    const first = isWhole ? asked : Math.min(...counts.map(({ firstId }) => madeAt(firstId)));
    return {
      since: iso(first),
      until: iso(Math.min(until, this.clock.now())),
      isWhole,
      data: data.sort((one, other) => other.deliveries - one.deliveries).slice(0, MOST_TENANTS),
    };
  }

  /** Merges them into as few periods as a chart can show. */
  private span(periodMs: number): StatsSpan {
    if (!(periodMs >= MINUTE_MS && periodMs <= HISTORY_MS)) {
      const message = `period must be from 1m to 7d, got ${periodMs} ms.`;
      throw new InvalidWebhookInputError([
        fieldProblem('period', message, 'duration-range', { least: '1m', most: '7d' }),
      ]);
    }
    const now = this.clock.now();
    const until = now - (now % MINUTE_MS) + MINUTE_MS;
    const bucketMs = BUCKETS_MS.find((length) => periodMs / length <= MOST_POINTS) ?? HOUR_MS;
    return { since: until - periodMs, until, bucketMs };
  }
}

const startOf =
  ({ bucketMs }: StatsSpan) =>
  ({ minute }: WebhookMinute): number =>
    minute - (minute % bucketMs);

const summed = (rows: readonly WebhookMinute[]): WebhookStatsView['total'] => {
  const total = { succeeded: 0, retrying: 0, failed: 0, p50Ms: null, p95Ms: null };
  for (const { succeeded, retrying, failed } of rows) {
    total.succeeded += succeeded;
    total.retrying += retrying;
    total.failed += failed;
  }
  return total;
};
