import uPlot from 'uplot';
import { colorOf, fillOf, type ChartColors } from './chart-colors.js';
import { plotData, type ChartSeries, type ChartSpec } from './chart-data.js';
import { tickLabel } from './chart-time.js';

/** What the plot asks for at each drawing. */
export interface PlotSource {
  readonly spec: ChartSpec;
  readonly colors: ChartColors;
  readonly font: string;
  /** The bucket under the pointer, or `null`. */
  hover(index: number | null): void;
}

const PADDING = 8;
const Y_AXIS_WIDTH = 56;
const HALF_LABEL = 18;
/** Counts and milliseconds are whole. */
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power)).flat();
/** With more points than that, only those that no line reaches are marked. */
const MARKED_POINTS = 60;

/** No legend and no title: those are ours, in HTML. */
export function createPlot(source: PlotSource, target: HTMLElement, width: number, height: number): uPlot {
  const { kind, series } = source.spec;
  const drawn = kind === 'bars' ? series.toReversed() : series;
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    padding: [PADDING, PADDING, 0, 0],
    scales: {
      x: { time: true, range: () => xRange(source.spec) },
      y: { range: (_plot, _min, max) => [0, Math.max(max ?? 0, 1) * 1.1] },
    },
    axes: [xAxis(source), yAxis(source)],
    series: [{}, ...drawn.map((one) => (kind === 'bars' ? bars(source, one) : line(source, one)))],
    cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: kind === 'lines' } },
    hooks: { setCursor: [({ cursor }) => source.hover(cursor.idx ?? null)] },
  };
  return new uPlot(options, plotData(source.spec), target);
}

const xRange = ({ starts, bucketMs }: ChartSpec): [number, number] => [
  starts[0]! / 1000,
  (starts.at(-1)! + bucketMs) / 1000,
];

function xAxis(source: PlotSource): uPlot.Axis {
  return {
    ...axis(source),
    size: 28,
    space: 72,
    grid: { show: false },
    ticks: { show: true, stroke: () => source.colors.border, width: 1, size: 4 },
    values: (plot, splits, _axis, _space, step) => {
      const [from, to] = xRange(source.spec);
      // The last label would be cut off by the edge.
      const lastAt = to - ((to - from) * HALF_LABEL) / (plot.width - Y_AXIS_WIDTH - PADDING);
      return splits.map((split) => (split > lastAt ? '' : tickLabel(split * 1000, step * 1000)));
    },
  };
}

function yAxis(source: PlotSource): uPlot.Axis {
  return {
    ...axis(source),
    size: Y_AXIS_WIDTH,
    space: 36,
    incrs: WHOLE_STEPS,
    grid: { stroke: () => source.colors.border, width: 1 },
    ticks: { show: false },
    values: (_plot, splits) => splits.map((split) => source.spec.formatTick(split)),
  };
}

const axis = (source: PlotSource): uPlot.Axis => ({
  stroke: () => source.colors.muted,
  font: source.font,
  gap: 6,
});

const bars = (source: PlotSource, { look }: ChartSeries): uPlot.Series => ({
  fill: () => fillOf(look, source.colors),
  width: 0,
  paths: uPlot.paths.bars!({ size: [0.76, 40, 1] }),
  points: { show: false },
});

const line = (source: PlotSource, { look }: ChartSeries): uPlot.Series => ({
  stroke: () => colorOf(look, source.colors),
  width: 2,
  ...(look === 'slow' ? { dash: [6, 4] } : {}),
  spanGaps: false,
  points: {
    show: true,
    size: 5,
    fill: () => colorOf(look, source.colors),
    filter: (plot, seriesIndex) => {
      const values = Array.from(plot.data[seriesIndex]!);
      return values.length <= MARKED_POINTS ? null : lonely(values);
    },
  },
});

/** Where a value has none beside it. */
const lonely = (values: readonly (number | null | undefined)[]): number[] =>
  values.flatMap((value, index) =>
    value != null && values[index - 1] == null && values[index + 1] == null ? [index] : [],
  );
