import type { Counter, Histogram, Meter, ObservableGauge } from '@opentelemetry/api';
import {
  METRICS,
  namesOfKind,
  type CounterName,
  type GaugeName,
  type Gauges,
  type HistogramName,
  type Labels,
  type MetricSink,
} from './metric-definitions.js';

/** Records the metrics with instruments of OpenTelemetry. */
export class OpenTelemetryMetrics implements MetricSink {
  private readonly counters = new Map<string, Counter>();
  private readonly histograms = new Map<string, Histogram>();
  private readonly stopGauges: () => void;

  /** @param gauges read at each collection */
  constructor(meter: Meter, gauges: () => Promise<Gauges>) {
    for (const name of namesOfKind('counter')) {
      const { name: full, unit, help } = METRICS[name as CounterName];
      this.counters.set(name, meter.createCounter(full, { unit, description: help }));
    }
    for (const name of namesOfKind('histogram')) {
      const { name: full, unit, help, buckets } = METRICS[name as HistogramName];
      const advice = { explicitBucketBoundaries: [...buckets] };
      this.histograms.set(name, meter.createHistogram(full, { unit, description: help, advice }));
    }
    const observed = new Map<GaugeName, ObservableGauge>();
    for (const name of namesOfKind('gauge') as GaugeName[]) {
      const { name: full, unit, help } = METRICS[name];
      observed.set(name, meter.createObservableGauge(full, { unit, description: help }));
    }
    const instruments = [...observed.values()];
    const observe: Parameters<Meter['addBatchObservableCallback']>[0] = async (result) => {
      const values = await gauges();
      for (const [name, gauge] of observed) {
        const value = values[name];
        if (value !== undefined) result.observe(gauge, value);
      }
    };
    meter.addBatchObservableCallback(observe, instruments);
    this.stopGauges = () => meter.removeBatchObservableCallback(observe, instruments);
  }

  count(name: CounterName, labels: Labels, by = 1): void {
    this.counters.get(name)!.add(by, labels);
  }

  observe(name: HistogramName, labels: Labels, value: number): void {
    this.histograms.get(name)!.record(value, labels);
  }

  stop(): void {
    this.stopGauges();
  }
}
