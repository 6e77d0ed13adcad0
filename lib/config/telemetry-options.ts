import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';

const LABELS = ['eventType', 'tenant', 'endpoint'] as const;
/** A label that metrics have only if the app asks for it, since each of its values is a series. */
export type WebhooksMetricLabel = (typeof LABELS)[number];

const METRICS = ['prometheus', 'opentelemetry'] as const;

export interface WebhooksTelemetryOptions {
  /** Spans of emits and attempts, through `@opentelemetry/api`. Default: false. */
  traces?: boolean;
  /** Whether receivers get the header `traceparent` of the attempt. Default: false. */
  propagate?: boolean;
  /** Where metrics go. With `prometheus`, `WebhooksService.metrics()` returns them as text. Default: nowhere. */
  metrics?: (typeof METRICS)[number];
  /** Additional labels of counters and histograms. Default: none. */
  labels?: readonly WebhooksMetricLabel[];
}

export interface WebhooksTelemetryConfig {
  readonly traces: boolean;
  readonly propagate: boolean;
  readonly metrics: WebhooksTelemetryOptions['metrics'];
  readonly labels: readonly WebhooksMetricLabel[];
}

/** @throws InvalidWebhooksOptionError */
export function resolveTelemetry(options: WebhooksTelemetryOptions): WebhooksTelemetryConfig {
  const { traces = false, propagate = false, metrics, labels = [] } = options;
  for (const [name, value] of Object.entries({ traces, propagate })) {
    if (typeof value !== 'boolean') fail(name, `must be true or false, got ${JSON.stringify(value)}.`);
  }
  if (metrics !== undefined && !METRICS.includes(metrics))
    fail('metrics', `must be 'prometheus' or 'opentelemetry', got ${JSON.stringify(metrics)}.`);
  if (!Array.isArray(labels) || !labels.every((label) => LABELS.includes(label))) {
    const known = LABELS.map((label) => `'${label}'`).join(', ');
    fail('labels', `must be a list of ${known}, got ${JSON.stringify(labels)}.`);
  }
  return Object.freeze({ traces, propagate, metrics, labels: [...labels] });
}

function fail(option: string, problem: string): never {
  throw new InvalidWebhooksOptionError(`telemetry.${option}`, problem);
}
