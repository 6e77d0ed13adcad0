import type { WebhookStatsView } from '../api/api-types.js';
import { duration } from './time.js';
import { language } from '../texts/language.js';
import { formatNumber, t } from '../texts/t.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The periods of the charts, and the length of their buckets. */
export const PERIODS = {
  day: { label: 'period.24h', lengthMs: DAY_MS, bucket: '1h', bucketMs: HOUR_MS },
  week: { label: 'period.7d', lengthMs: 7 * DAY_MS, bucket: '6h', bucketMs: 6 * HOUR_MS },
  month: { label: 'period.30d', lengthMs: 30 * DAY_MS, bucket: '1d', bucketMs: DAY_MS },
} as const;
export type Period = keyof typeof PERIODS;

/**
 * Covers as many whole buckets as fit the period, including the current one, because attempts are counted by
 * the hour.
 */
export function periodQuery(period: Period, now: number): { since: number; until: number; bucket: string } {
  const { lengthMs, bucket, bucketMs } = PERIODS[period];
  return { since: Math.floor(now / bucketMs + 1) * bucketMs - lengthMs, until: now, bucket };
}

/** The look of a series: a colour, and a pattern or dashes for readers who can't see the colour. */
export type ChartLook = 'succeeded' | 'retrying' | 'failed' | 'typical' | 'slow';

export interface ChartSeries {
  readonly label: string;
  readonly look: ChartLook;
  readonly values: readonly (number | null)[];
}

export interface ChartSpec {
  /** Bars are stacked, the first series at the bottom. */
  readonly kind: 'bars' | 'lines';
  readonly title: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  /** Epoch ms at which the buckets begin. */
  readonly starts: readonly number[];
  readonly bucketMs: number;
  readonly series: readonly ChartSeries[];
  /** Exact value, for the table and the tip. */
  format(value: number): string;
  /** Shows the entries of a bucket. Default: buckets can't be opened. */
  open?(index: number): void;
  /** Short value, for the axis. */
  formatTick(value: number): string;
}

const compact = (locale: string): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });

/** @param open receives the start and the end of a bucket, in epoch ms */
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
    title: t('chart.attempts'),
    emptyTitle: t(`chart.empty.${period}`),
    emptyText: t('chart.empty.text'),
    series: [
      { label: t('status.succeeded'), look: 'succeeded', values: of('succeeded') },
      { label: t('status.retried'), look: 'retrying', values: of('retrying') },
      { label: t('status.failed'), look: 'failed', values: of('failed') },
    ],
    format: formatNumber,
    formatTick: (value) => language().format(compact).format(value),
  };
}

export function responseTimeChart(stats: WebhookStatsView): ChartSpec {
  return {
    ...bucketsOf(stats),
    kind: 'lines',
    title: t('chart.response-time'),
    emptyTitle: t('chart.no-times'),
    emptyText: t('chart.no-times.text'),
    series: [
      { label: t('stats.median'), look: 'typical', values: stats.buckets.map(({ p50Ms }) => p50Ms) },
      { label: t('stats.p95'), look: 'slow', values: stats.buckets.map(({ p95Ms }) => p95Ms) },
    ],
    format: duration,
    formatTick: durationTick,
  };
}

/** `250 ms`, `1.5 s`. */
export const durationTick = (ms: number): string =>
  ms < 1_000 ? t('time.milliseconds', { count: ms }) : t('time.seconds', { count: ms / 1_000 });

const bucketsOf = ({ buckets, bucketMs }: WebhookStatsView): Pick<ChartSpec, 'starts' | 'bucketMs'> => ({
  starts: buckets.map(({ startAt }) => Date.parse(startAt)),
  bucketMs,
});

export const isEmpty = ({ series }: ChartSpec): boolean =>
  series.every(({ values }) => values.every((value) => value === null || value === 0));
