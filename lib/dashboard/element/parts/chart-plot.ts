import type { ChartLook, ChartSeries, ChartSpec } from './chart-data.js';
import { timeTicks } from './chart-time.js';

export const HEIGHT = 220;
export const TOP = 12;
export const BOTTOM = HEIGHT - 28;
const PADDING = 16;
const DIGIT_WIDTH = 7;
/** The width of one label of the time axis. */
const LABEL_WIDTH = 64;
const HALF_LABEL = 28;
const Y_TICKS = 4;
/** Small values still have a visible height. */
const LEAST_BAR = 1.5;
const WIDEST_BAR = 40;
/** Below this width, gaps and patterns would blur. */
const GAPS_FROM = 4;
/** In narrow buckets, points would hide the dashes, so only points without a line are drawn. */
const MARKED_FROM = 12;

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** All bars of a series. */
export interface Bars {
  readonly look: ChartLook;
  readonly path: string;
}

/** Points are paths of length zero: only their round caps are visible. */
export interface Line extends Bars {
  readonly points: string;
  pointAt(index: number): string;
}

/** The whole drawing, in pixels. */
export interface Plot {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  /** The width of one bucket. */
  readonly band: number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly bars: readonly Bars[];
  /** The first series comes last, so that it is on top. */
  readonly lines: readonly Line[];
  readonly hasPatterns: boolean;
}

interface Scale {
  readonly left: number;
  readonly band: number;
  y(value: number): number;
}

export function plotOf(spec: ChartSpec, width: number): Plot {
  const { kind, starts, bucketMs, series } = spec;
  const stacked = kind === 'bars' ? stackOf(spec) : [];
  const most = Math.max(1, ...stacked.flat(2), ...series.flatMap(({ values }) => values.map(Number)));
  const step = stepOf(most);
  const steps = Math.ceil(most / step);
  const y = (value: number): number => round(BOTTOM - ((BOTTOM - TOP) * value) / (steps * step));
  const yTicks = Array.from({ length: steps + 1 }, (_, index) => ({
    at: y(index * step),
    label: spec.formatTick(index * step),
  }));
  const left = PADDING + 8 + DIGIT_WIDTH * Math.max(...yTicks.map(({ label }) => label.length));
  const right = width - PADDING;
  const band = Math.max(1, right - left) / starts.length;
  const scale: Scale = { left, band, y };
  const from = starts[0]!;
  return {
    width,
    left,
    right,
    band,
    yTicks,
    xTicks: timeTicks(from, from + bucketMs * starts.length, (right - left) / LABEL_WIDTH)
      .map(({ at, label }) => ({ at: Math.round(left + ((at - from) / bucketMs) * band), label }))
      // The edge would cut off the last label.
      .filter(({ at }) => at <= width - HALF_LABEL),
    bars: stacked.map((bars, index) => ({ look: series[index]!.look, path: barsOf(bars, scale) })),
    lines: kind === 'lines' ? series.map((one) => lineOf(one, scale)).toReversed() : [],
    hasPatterns: band >= GAPS_FROM,
  };
}

/** The distance of two ticks: 1, 2 or 5 times a power of ten. Counts and milliseconds are whole numbers. */
function stepOf(most: number): number {
  const least = most / Y_TICKS;
  const power = 10 ** Math.floor(Math.log10(least));
  return Math.max(1, power * [1, 2, 5, 10].find((digit) => digit * power >= least)!);
}

/** The start and end of each series' bars, which are stacked. */
function stackOf({ starts, series }: ChartSpec): [number, number][][] {
  const tops = starts.map(() => 0);
  return series.map(({ values }) =>
    tops.map((low, index) => [low, (tops[index] = low + (values[index] ?? 0))]),
  );
}

function barsOf(bars: readonly (readonly [number, number])[], { left, band, y }: Scale): string {
  const hasGaps = band >= GAPS_FROM;
  const width = hasGaps ? Math.round(Math.min(WIDEST_BAR, band * 0.76)) : round(band);
  return bars
    .map(([low, high], index) => {
      if (high === low) return '';
      const start = left + band * (index + 0.5) - width / 2;
      const bottom = y(low);
      return `M${hasGaps ? Math.round(start) : round(start)},${bottom}V${Math.min(y(high), bottom - LEAST_BAR)}h${width}V${bottom}z`;
    })
    .join('');
}

function lineOf({ look, values }: ChartSeries, { left, band, y }: Scale): Line {
  const middle = (index: number): number => round(left + band * (index + 0.5));
  const pointAt = (index: number): string => {
    const value = values[index];
    return value == null ? '' : `M${middle(index)},${y(value)}h0`;
  };
  const isMarked = (index: number): boolean =>
    band >= MARKED_FROM || (values[index - 1] == null && values[index + 1] == null);
  return {
    look,
    path: values
      .map((value, index) => {
        if (value === null) return '';
        return `${values[index - 1] == null ? 'M' : 'L'}${middle(index)},${y(value)}`;
      })
      .join(''),
    points: values.map((_value, index) => (isMarked(index) ? pointAt(index) : '')).join(''),
    pointAt,
  };
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;
