import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import type { WebhookClock } from '../domain/clock.js';
import { percentile } from '../domain/latency.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import { WebhookStatsRepository, type AttemptCount } from '../persistence/webhook-stats.repository.js';
import { EndpointsService } from './endpoints.service.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MIN_BUCKET_MS = 60_000;
const MAX_BUCKETS = 1_000;

/** Epoch ms and ms. Defaults: the 24 hours until now, in buckets of an hour. */
export interface WebhookStatsQuery {
  readonly since?: number;
  readonly until?: number;
  readonly bucketMs?: number;
}

/** Attempts of a span of time by outcome, and how long they took. */
export interface WebhookStatsBucket {
  /** Epoch ms. */
  readonly startAt: number;
  readonly succeeded: number;
  readonly retrying: number;
  readonly failed: number;
  /** `null` where there was no attempt. Estimated from a histogram, to about a sixth. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface WebhookStats {
  readonly since: number;
  readonly until: number;
  readonly bucketMs: number;
  readonly total: Omit<WebhookStatsBucket, 'startAt'>;
  readonly buckets: readonly WebhookStatsBucket[];
}

/** Counts and latencies over time, for charts. */
@Injectable()
export class StatsService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(EndpointsService) private readonly endpoints: EndpointsService,
    @Inject(WebhookStatsRepository) private readonly stats: WebhookStatsRepository,
  ) {}

  /** Of all endpoints of the tenant. @throws InvalidWebhookInputError */
  ofTenant(tenant: string, query: WebhookStatsQuery = {}): Promise<WebhookStats> {
    return this.count({ tenant }, query);
  }

  /** @throws WebhookNotFoundError, InvalidWebhookInputError */
  async ofEndpoint(tenant: string, endpointId: string, query: WebhookStatsQuery = {}): Promise<WebhookStats> {
    await this.endpoints.get(tenant, endpointId);
    return this.count({ tenant, endpointId }, query);
  }

  private async count(
    scope: { readonly tenant: string; readonly endpointId?: string },
    query: WebhookStatsQuery,
  ): Promise<WebhookStats> {
    const { since, until, bucketMs } = this.resolve(query);
    const counts = await this.stats.attempts(scope, since, until, bucketMs);
    const byBucket = new Map<number, AttemptCount[]>();
    for (const count of counts) {
      const startAt = count.bucket * bucketMs;
      byBucket.set(startAt, [...(byBucket.get(startAt) ?? []), count]);
    }
    const buckets: WebhookStatsBucket[] = [];
    for (let startAt = since - (since % bucketMs); startAt < until; startAt += bucketMs) {
      buckets.push({ startAt, ...summary(byBucket.get(startAt) ?? []) });
    }
    return { since, until, bucketMs, total: summary(counts), buckets };
  }

  private resolve(query: WebhookStatsQuery): Required<WebhookStatsQuery> {
    const until = query.until ?? this.clock.now();
    const since = query.since ?? until - DAY_MS;
    const bucketMs = query.bucketMs ?? HOUR_MS;
    if (since >= until) fail('since', 'since must be before until.');
    if (bucketMs < MIN_BUCKET_MS) fail('bucket', 'bucket must be one minute or more, such as 1h.');
    if ((until - since) / bucketMs > MAX_BUCKETS) {
      fail('bucket', `bucket must be longer: the span would have over ${MAX_BUCKETS} buckets.`);
    }
    return { since, until, bucketMs };
  }
}

function summary(counts: readonly AttemptCount[]): Omit<WebhookStatsBucket, 'startAt'> {
  const of = (outcome: AttemptCount['outcome']): number =>
    counts.filter((count) => count.outcome === outcome).reduce((sum, { attempts }) => sum + attempts, 0);
  return {
    succeeded: of('succeeded'),
    retrying: of('retrying'),
    failed: of('failed'),
    p50Ms: percentile(counts, 0.5),
    p95Ms: percentile(counts, 0.95),
  };
}

function fail(field: string, message: string): never {
  throw new InvalidWebhookInputError([{ field, message }]);
}
