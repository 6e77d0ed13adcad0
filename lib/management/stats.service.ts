import { fieldProblem, type AnyCoded } from '../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import type { WebhookClock } from '../domain/clock.js';
import { HOUR_MS, hourOf } from '../domain/hour.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { WebhookStatsRepository } from '../persistence/webhook-stats.repository.js';
import { existingEndpoint } from './existing-endpoint.js';
import { bucketed, bucketStarts, grouped } from './stats-buckets.js';
import {
  spanView,
  type StatsSpan,
  type WebhookStatsByEndpointView,
  type WebhookStatsView,
} from './views/stats.views.js';
import { OfTenant } from './of-tenant.js';

const DAY_MS = 86_400_000;
const MAX_BUCKETS = 1_000;
/** For all endpoints of one request together. */
const MAX_BUCKETS_TOGETHER = 50_000;

/**
 * Epoch ms and ms. Defaults: the 24 hours until now, in buckets of an hour. Attempts are counted by the hour: the span
 * begins and ends with whole hours, and a bucket is a whole number of hours.
 */
export type WebhookStatsQuery = Partial<StatsSpan>;

/** Counts and latencies over time, for charts. */
@Injectable()
export class StatsService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(WebhookStatsRepository) private readonly stats: WebhookStatsRepository,
  ) {}

  /** Of all endpoints of the tenant. @throws InvalidWebhookInputError */
  @OfTenant()
  ofTenant(tenant: string, query: WebhookStatsQuery = {}): Promise<WebhookStatsView> {
    return this.count({ tenant }, query);
  }

  /** @throws WebhookNotFoundError, InvalidWebhookInputError */
  @OfTenant()
  async ofEndpoint(
    tenant: string,
    endpointId: string,
    query: WebhookStatsQuery = {},
  ): Promise<WebhookStatsView> {
    await existingEndpoint(this.endpoints, tenant, endpointId);
    return this.count({ tenant, endpointIds: [endpointId] }, query);
  }

  /**
   * One entry for each endpoint, once and in the given order. An id that is not the tenant's has no attempts.
   * @throws InvalidWebhookInputError, also for more than 50000 buckets of all endpoints together
   */
  @OfTenant()
  async ofEndpoints(
    tenant: string,
    endpointIds: readonly string[],
    query: WebhookStatsQuery = {},
  ): Promise<WebhookStatsByEndpointView> {
    const ids = [...new Set(endpointIds)];
    const span = this.resolve(query);
    if (ids.length * bucketStarts(span).length > MAX_BUCKETS_TOGETHER) {
      const message = `bucket must be longer, or the endpoints fewer: they would have over ${MAX_BUCKETS_TOGETHER} buckets together.`;
      fail('bucket', message, 'too-many-buckets', { most: MAX_BUCKETS_TOGETHER });
    }
    const counts = await this.stats.attemptsByEndpoint({ tenant, endpointIds: ids }, span);
    const byEndpoint = grouped(counts, (count) => count.endpointId);
    const data = ids.map((endpointId) => ({
      endpointId,
      ...bucketed(byEndpoint.get(endpointId) ?? [], span),
    }));
    return { ...spanView(span), data };
  }

  private async count(
    scope: { readonly tenant: string; readonly endpointIds?: readonly string[] },
    query: WebhookStatsQuery,
  ): Promise<WebhookStatsView> {
    const span = this.resolve(query);
    return { ...spanView(span), ...bucketed(await this.stats.attempts(scope, span), span) };
  }

  private resolve(query: WebhookStatsQuery): StatsSpan {
    const until = query.until ?? this.clock.now();
    const since = query.since ?? until - DAY_MS;
    const bucketMs = query.bucketMs ?? HOUR_MS;
    if (since >= until) fail('since', 'since must be before until.', 'not-before-end');
    if (bucketMs < HOUR_MS || bucketMs % HOUR_MS !== 0) {
      const message = `bucket must be a whole number of hours, such as 1h or 1d, got ${bucketMs} ms.`;
      fail('bucket', message, 'not-whole-hours');
    }
    if ((until - since) / bucketMs > MAX_BUCKETS) {
      const message = `bucket must be longer: the span would have over ${MAX_BUCKETS} buckets.`;
      fail('bucket', message, 'too-many-buckets', { most: MAX_BUCKETS });
    }
    return { since: hourOf(since), until: hourOf(until + HOUR_MS - 1), bucketMs };
  }
}

function fail(field: string, message: string, ...coded: AnyCoded): never {
  throw new InvalidWebhookInputError([fieldProblem(field, message, ...coded)]);
}
