import type { WebhookStatsView } from '../api/api-types.js';
import { duration } from './time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back the charts look, and how finely. */
export const PERIODS = {
  day: { short: '24 hours', label: 'Last 24 hours', lengthMs: DAY_MS, bucket: '1h', bucketMs: HOUR_MS },
  week: { short: '7 days', label: 'Last 7 days', lengthMs: 7 * DAY_MS, bucket: '6h', bucketMs: 6 * HOUR_MS },
  month: { short: '30 days', label: 'Last 30 days', lengthMs: 30 * DAY_MS, bucket: '1d', bucketMs: DAY_MS },
} as const;
export type Period = keyof typeof PERIODS;

/** As many whole buckets as the period has, the one that is under way among them: attempts are counted by the hour. */
export function periodQuery(period: Period, now: number): { since: number; until: number; bucket: string } {
  const { lengthMs, bucket, bucketMs } = PERIODS[period];
  return { since: Math.floor(now / bucketMs + 1) * bucketMs - lengthMs, until: now, bucket };
}

/** What a series is drawn with: a colour, and a pattern or dashes for those who don't see it. */
export type ChartLook = 'succeeded' | 'retrying' | 'failed' | 'typical' | 'slow';

export interface ChartSeries {
  readonly label: string;
  readonly look: ChartLook;
  readonly values: readonly (number | null)[];
}

export interface ChartSpec {
  /** Bars stand on each other, the first series at the bottom. */
  readonly kind: 'bars' | 'lines';
  readonly title: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  /** Epoch ms at which the buckets begin. */
  readonly starts: readonly number[];
  readonly bucketMs: number;
  readonly series: readonly ChartSeries[];
  /** Exact, for the table and under the pointer. */
  format(value: number): string;
  /** Shows what a bucket counts. Default: there is nothing to show. */
  open?(index: number): void;
  /** Short, beside the axis. */
  formatTick(value: number): string;
}

const exact = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

export const count = (value: number): string => exact.format(value);

/** @param open is given from when to when a bucket goes, in epoch ms */
export function attemptsChart(
  stats: WebhookStatsView,
  period: Period,
  open: (from: number, to: number) => void,
): ChartSpec {
  const of = (key: 'succeeded' | 'retrying' | 'failed'): number[] =>
    stats.buckets.map((bucket) => bucket[key]);
  const { starts, bucketMs } = bucketsOf(stats);
  return {
    starts,
    bucketMs,
    open: (index) => open(starts[index]!, starts[index]! + bucketMs),
    kind: 'bars',
    title: 'Attempts',
    emptyTitle: `No events sent in the ${PERIODS[period].label.toLowerCase()}`,
    emptyText:
      'Attempts appear here once an event is sent to this webhook. Tests don’t count: they are under Deliveries.',
    series: [
      { label: 'Succeeded', look: 'succeeded', values: of('succeeded') },
      { label: 'Failed, retried', look: 'retrying', values: of('retrying') },
      { label: 'Failed', look: 'failed', values: of('failed') },
    ],
    format: count,
    formatTick: (value) => compact.format(value),
  };
}

export function responseTimeChart(stats: WebhookStatsView): ChartSpec {
  return {
    ...bucketsOf(stats),
    kind: 'lines',
    title: 'Response time',
    emptyTitle: 'No response times yet',
    emptyText: 'They show how fast your server answers.',
    series: [
      { label: 'Median', look: 'typical', values: stats.buckets.map(({ p50Ms }) => p50Ms) },
      { label: '95th percentile', look: 'slow', values: stats.buckets.map(({ p95Ms }) => p95Ms) },
    ],
    format: duration,
    formatTick: durationTick,
  };
}

/** `250 ms`, `1.5 s`; steps of whole minutes are no round ones. */
const durationTick = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`);

const bucketsOf = ({ buckets, bucketMs }: WebhookStatsView): Pick<ChartSpec, 'starts' | 'bucketMs'> => ({
  starts: buckets.map(({ startAt }) => Date.parse(startAt)),
  bucketMs,
});

export const isEmpty = ({ series }: ChartSpec): boolean =>
  series.every(({ values }) => values.every((value) => value === null || value === 0));
