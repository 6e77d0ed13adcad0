import type { WebhookStatsView } from '../api/api-types.js';
import { durationTick, type ChartSpec } from '../parts/chart-data.js';
import { duration } from '../parts/time.js';
import { formatNumber, t } from '../texts/t.js';
import type { OperatorLagView } from './operator-types.js';

const MINUTE_MS = 60_000;

/** The periods of the charts: the value for the routes, and the length of a bar. */
export const PERIODS = {
  hour: { query: '1h', bucketMs: 2 * MINUTE_MS },
  day: { query: '24h', bucketMs: 30 * MINUTE_MS },
  week: { query: '7d', bucketMs: 240 * MINUTE_MS },
} as const;
export type OperatorPeriod = keyof typeof PERIODS;

interface Span {
  readonly since: string;
  readonly until: string;
  readonly bucketMs: number;
}

/** Returns the starts of all bars, and a function that finds the bar of a time. */
function stretches({ since, until, bucketMs }: Span, period: OperatorPeriod) {
  const length = Math.max(PERIODS[period].bucketMs, bucketMs);
  const first = Math.floor(Date.parse(since) / length);
  const count = Math.max(1, Math.ceil(Date.parse(until) / length) - first);
  return {
    bucketMs: length,
    starts: Array.from({ length: count }, (_, index) => (first + index) * length),
    placeOf: (at: string) => Math.min(count - 1, Math.max(0, Math.floor(Date.parse(at) / length) - first)),
  };
}

/** Shows attempts by outcome. */
export function volumeChart(stats: WebhookStatsView, period: OperatorPeriod): ChartSpec {
  const { bucketMs, starts, placeOf } = stretches(stats, period);
  const sums = (key: 'succeeded' | 'retrying' | 'failed'): number[] => {
    const values = starts.map(() => 0);
    for (const bucket of stats.buckets) values[placeOf(bucket.startAt)]! += bucket[key];
    return values;
  };
  return {
    kind: 'bars',
    title: t('chart.attempts'),
    emptyTitle: t('ops.chart.no-attempts'),
    emptyText: t('ops.chart.other-period'),
    starts,
    bucketMs,
    series: [
      { label: t('status.succeeded'), look: 'succeeded', values: sums('succeeded') },
      { label: t('status.retried'), look: 'retrying', values: sums('retrying') },
      { label: t('status.failed'), look: 'failed', values: sums('failed') },
    ],
    format: formatNumber,
    formatTick: formatNumber,
  };
}

/** Shows for how long the oldest delivery had been due. */
export function lagChart(lag: OperatorLagView, period: OperatorPeriod): ChartSpec {
  const { bucketMs, starts, placeOf } = stretches(lag, period);
  const values: (number | null)[] = starts.map(() => null);
  for (const { at, oldestAgeMs } of lag.data) {
    const place = placeOf(at);
    values[place] = Math.max(values[place] ?? 0, oldestAgeMs ?? 0);
  }
  return {
    kind: 'lines',
    title: t('ops.chart.lag'),
    emptyTitle: t('ops.chart.no-lag'),
    emptyText: t('ops.chart.no-lag.text'),
    starts,
    bucketMs,
    series: [{ label: t('ops.chart.oldest'), look: 'slow', values }],
    format: duration,
    formatTick: durationTick,
  };
}
