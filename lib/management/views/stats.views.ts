import { iso } from '../../domain/iso.js';

interface StatsSpanView {
  since: string;
  until: string;
  bucketMs: number;
}

export interface StatsCountsView {
  /** Attempts by outcome, and how long they took. */
  total: {
    succeeded: number;
    retrying: number;
    failed: number;
    /** `null` where there was no attempt. Estimated from a histogram, to about a sixth. */
    p50Ms: number | null;
    p95Ms: number | null;
  };
  /** Every bucket of the span, those without an attempt too. */
  buckets: (StatsCountsView['total'] & { startAt: string })[];
}

export interface WebhookStatsView extends StatsSpanView, StatsCountsView {}

/** One endpoint of `WebhookStatsByEndpointView`. */
export interface WebhookEndpointStatsView extends StatsCountsView {
  endpointId: string;
}

/** The answer to `GET /stats/endpoints`. */
export interface WebhookStatsByEndpointView extends StatsSpanView {
  /** In the order that was asked for. */
  data: WebhookEndpointStatsView[];
}

/** Epoch ms and ms; `until` is exclusive. */
export interface StatsSpan {
  readonly since: number;
  readonly until: number;
  readonly bucketMs: number;
}

export const spanView = ({ since, until, bucketMs }: StatsSpan): StatsSpanView => ({
  since: iso(since),
  until: iso(until),
  bucketMs,
});
