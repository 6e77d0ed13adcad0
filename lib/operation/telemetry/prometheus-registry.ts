import {
  METRICS,
  prometheusName,
  type CounterName,
  type Gauges,
  type HistogramName,
  type Labels,
  type MetricDefinition,
  type MetricSink,
} from './metric-definitions.js';

interface Histogram {
  /** Counts per bucket, not cumulative; the last bucket counts what is above all bounds. */
  readonly counts: number[];
  sum: number;
}

/** Keeps counts and durations, and renders them in the Prometheus exposition format 0.0.4. */
export class PrometheusRegistry implements MetricSink {
  private readonly counters = new Map<CounterName, Map<string, number>>();
  private readonly histograms = new Map<HistogramName, Map<string, Histogram>>();

  count(name: CounterName, labels: Labels, by = 1): void {
    const series = seriesOf(this.counters, name);
    const key = labelText(labels);
    series.set(key, (series.get(key) ?? 0) + by);
  }

  observe(name: HistogramName, labels: Labels, value: number): void {
    const { buckets } = METRICS[name];
    const series = seriesOf(this.histograms, name);
    const key = labelText(labels);
    const histogram = series.get(key) ?? { counts: Array<number>(buckets.length + 1).fill(0), sum: 0 };
    const bucket = buckets.findIndex((bound) => value <= bound);
    histogram.counts[bucket === -1 ? buckets.length : bucket]!++;
    histogram.sum += value;
    series.set(key, histogram);
  }

  /** @param gauges current values; a missing one is left out */
  text(gauges: Gauges): string {
    const lines = Object.entries(METRICS).flatMap(([name, definition]) => {
      const samples = this.samplesOf(name as keyof typeof METRICS, definition, gauges);
      return samples.length > 0 ? [...header(definition), ...samples] : [];
    });
    return `${lines.join('\n')}\n`;
  }

  private samplesOf(name: keyof typeof METRICS, definition: MetricDefinition, gauges: Gauges): string[] {
    const full = prometheusName(definition);
    if (definition.kind === 'gauge') {
      const value = (gauges as Readonly<Record<string, number>>)[name];
      return value === undefined ? [] : [`${full} ${value}`];
    }
    if (definition.kind === 'counter') {
      const series = this.counters.get(name as CounterName) ?? new Map<string, number>();
      return [...series].map(([labels, value]) => `${full}${braced(labels)} ${value}`);
    }
    const series = this.histograms.get(name as HistogramName) ?? new Map<string, Histogram>();
    return [...series].flatMap(([labels, histogram]) =>
      histogramLines(full, labels, definition.buckets!, histogram),
    );
  }
}

function histogramLines(
  name: string,
  labels: string,
  buckets: readonly number[],
  { counts, sum }: Histogram,
): string[] {
  let total = 0;
  const bounds = [...buckets.map(String), '+Inf'];
  const lines = bounds.map((bound, index) => {
    total += counts[index]!;
    return `${name}_bucket${braced([labels, `le="${bound}"`].filter(Boolean).join(','))} ${total}`;
  });
  return [...lines, `${name}_sum${braced(labels)} ${sum}`, `${name}_count${braced(labels)} ${total}`];
}

const header = (definition: MetricDefinition): string[] => [
  `# HELP ${prometheusName(definition)} ${definition.help}`,
  `# TYPE ${prometheusName(definition)} ${definition.kind}`,
];

const braced = (labels: string): string => (labels === '' ? '' : `{${labels}}`);

const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function seriesOf<Name, Series>(all: Map<Name, Map<string, Series>>, name: Name): Map<string, Series> {
  const known = all.get(name);
  if (known) return known;
  const series = new Map<string, Series>();
  all.set(name, series);
  return series;
}
