/** In seconds: from a fast response to the longest usual timeout. */
const ATTEMPT_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30] as const;
/** In seconds: from an event to its first attempt. */
const DELAY_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800] as const;

export interface MetricDefinition {
  /** Named by the conventions of OpenTelemetry. */
  readonly name: `nestjs_webhooks.${string}`;
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** `s`, or in braces what is counted. */
  readonly unit: string;
  readonly help: string;
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

/** All metrics. Their names are stable, because dashboards and alerts of apps rely on them. */
export const METRICS = {
  emitted: {
    name: 'nestjs_webhooks.events.emitted',
    kind: 'counter',
    unit: '{event}',
    help: 'Calls of emit, by result: stored, duplicate (its idempotency key was stored before) or failed.',
  },
  attempts: {
    name: 'nestjs_webhooks.attempts',
    kind: 'counter',
    unit: '{attempt}',
    help: 'Attempts that are recorded, by outcome (succeeded, retrying, failed) and error (none, http_4xx, timeout, …).',
  },
  duration: {
    name: 'nestjs_webhooks.attempt.duration',
    kind: 'histogram',
    unit: 's',
    help: 'From the DNS lookup to the end of the response, by outcome.',
    buckets: ATTEMPT_SECONDS,
  },
  delay: {
    name: 'nestjs_webhooks.first_attempt.delay',
    kind: 'histogram',
    unit: 's',
    help: 'From the emit to the end of the first attempt.',
    buckets: DELAY_SECONDS,
  },
  due: {
    name: 'nestjs_webhooks.deliveries.due',
    kind: 'gauge',
    unit: '{delivery}',
    help: 'Deliveries that are due and held by no worker, of all tenants; counted up to 100000.',
  },
  oldestDue: {
    name: 'nestjs_webhooks.deliveries.oldest_due',
    kind: 'gauge',
    unit: 's',
    help: 'For how long the one that has waited for the longest is due; 0 where none is.',
  },
  held: {
    name: 'nestjs_webhooks.deliveries.held',
    kind: 'gauge',
    unit: '{delivery}',
    help: 'Deliveries that this process holds, from the claim to the record.',
  },
  inFlight: {
    name: 'nestjs_webhooks.attempts.in_flight',
    kind: 'gauge',
    unit: '{attempt}',
    help: 'Requests that this process has under way.',
  },
  away: {
    name: 'nestjs_webhooks.endpoints.away',
    kind: 'gauge',
    unit: '{endpoint}',
    help: 'Endpoints at which this process gets no answer: it only probes them.',
  },
  disabled: {
    name: 'nestjs_webhooks.endpoints.disabled',
    kind: 'gauge',
    unit: '{endpoint}',
    help: 'Endpoints that the module has turned off, and nobody has turned on again.',
  },
  workers: {
    name: 'nestjs_webhooks.workers',
    kind: 'gauge',
    unit: '{worker}',
    help: 'Processes that deliver and were heard of within 45 s.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

type NamesOf<Kind> = {
  [Name in keyof typeof METRICS]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[keyof typeof METRICS];

export type CounterName = NamesOf<'counter'>;
export type HistogramName = NamesOf<'histogram'>;
export type GaugeName = NamesOf<'gauge'>;
export type Labels = Readonly<Record<string, string>>;
export type Gauges = Readonly<Partial<Record<GaugeName, number>>>;

/** The target of counts and durations. */
export interface MetricSink {
  count(name: CounterName, labels: Labels, by?: number): void;
  /** @param value in the unit of the metric */
  observe(name: HistogramName, labels: Labels, value: number): void;
}

/** The name by OpenTelemetry's conventions for Prometheus. */
export function prometheusName({ name, kind, unit }: MetricDefinition): string {
  const base = name.replaceAll('.', '_') + (unit === 's' ? '_seconds' : '');
  return kind === 'counter' ? `${base}_total` : base;
}

export const namesOfKind = (kind: MetricDefinition['kind']): string[] =>
  Object.entries(METRICS).flatMap(([name, definition]) => (definition.kind === kind ? [name] : []));
