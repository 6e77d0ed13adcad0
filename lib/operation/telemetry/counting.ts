import type { WebhooksMetricLabel } from '../../config/telemetry-options.js';
import type { RecordedMessage } from '../../delivery/lifecycle-events.js';
import type { EmitMessage } from '../../domain/diagnostics.js';
import { madeAt } from '../../domain/id.js';
import type { Labels, MetricSink } from './metric-definitions.js';

/** Turns messages of the diagnostics channels into counts and durations. Leaves out tests that customers send. */
export class Counting {
  /** @param labels requested by the app @param now epoch ms */
  constructor(
    private readonly sink: MetricSink,
    private readonly labels: readonly WebhooksMetricLabel[],
    private readonly now: () => number,
  ) {
    // Starts at 0, so that the first count is seen as an increase.
    if (labels.length > 0) return;
    sink.count('emitted', { result: 'stored' }, 0);
    sink.count('attempts', { outcome: 'succeeded', error: 'none' }, 0);
  }

  emitted(message: EmitMessage & { error?: unknown }): void {
    const result = message.eventId === null ? 'failed' : message.duplicate ? 'duplicate' : 'stored';
    // A refused event may have any type or tenant, so these would make labels without bound.
    const asked = this.asked(result === 'failed' ? { eventType: '', tenant: '' } : message);
    this.sink.count('emitted', { result, ...asked });
  }

  recorded(message: RecordedMessage): void {
    if (message.test) return;
    const { outcome } = message;
    const asked = this.asked(message);
    this.sink.count('attempts', { outcome, error: errorOf(message), ...asked });
    this.sink.observe('duration', { outcome, ...asked }, message.durationMs / 1_000);
    if (message.attempt !== 1) return;
    this.sink.observe('delay', asked, Math.max(0, this.now() - madeAt(message.eventId)) / 1_000);
  }

  private asked(message: { eventType: string; tenant: string; endpointId?: string }): Labels {
    const labels: Record<string, string> = {};
    if (this.labels.includes('eventType')) labels.event_type = message.eventType;
    if (this.labels.includes('tenant')) labels.tenant = message.tenant;
    if (this.labels.includes('endpoint') && message.endpointId !== undefined)
      labels.endpoint = message.endpointId;
    return labels;
  }
}

/** Uses the class of a status to keep the number of label values small. */
function errorOf({ outcome, statusCode, errorCode }: RecordedMessage): string {
  if (outcome === 'succeeded') return 'none';
  return errorCode ?? `http_${Math.floor((statusCode ?? 0) / 100)}xx`;
}
