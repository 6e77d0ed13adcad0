import type { WebhookStatsBucket, WebhookStatsCounts } from '../stats-buckets.js';
import type { WebhookStats, WebhookStatsByEndpoint } from '../stats.service.js';
import { iso } from './iso.js';

interface StatsSpanView {
  since: string;
  until: string;
  bucketMs: number;
}

interface StatsCountsView {
  total: WebhookStatsCounts['total'];
  buckets: (Omit<WebhookStatsBucket, 'startAt'> & { startAt: string })[];
}

export interface WebhookStatsView extends StatsSpanView, StatsCountsView {}

export const statsView = (stats: WebhookStats): WebhookStatsView => ({
  ...spanView(stats),
  ...countsView(stats),
});

/** One endpoint of `WebhookStatsByEndpointView`. */
export interface WebhookEndpointStatsView extends StatsCountsView {
  endpointId: string;
}

/** The answer to `GET /stats/endpoints`. */
export interface WebhookStatsByEndpointView extends StatsSpanView {
  /** In the order that was asked for. */
  data: WebhookEndpointStatsView[];
}

export const statsByEndpointView = (stats: WebhookStatsByEndpoint): WebhookStatsByEndpointView => ({
  ...spanView(stats),
  data: stats.endpoints.map(({ endpointId, ...counts }) => ({ endpointId, ...countsView(counts) })),
});

const spanView = ({ since, until, bucketMs }: Omit<WebhookStatsByEndpoint, 'endpoints'>): StatsSpanView => ({
  since: iso(since),
  until: iso(until),
  bucketMs,
});

const countsView = ({ total, buckets }: WebhookStatsCounts): StatsCountsView => ({
  total,
  buckets: buckets.map((bucket) => ({ ...bucket, startAt: iso(bucket.startAt) })),
});
