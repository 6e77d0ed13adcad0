import type { WebhooksMetricLabel } from '../../config/telemetry-options.js';
import type { RecordedMessage } from '../../delivery/lifecycle-events.js';
import type { EmitMessage } from '../../domain/diagnostics.js';
import { madeAt } from '../../domain/id.js';
import type { Labels, MetricSink } from './metric-definitions.js';

/** Makes counts and times of what the diagnostics channels tell. Tests that a customer sends are left out. */
export class Counting {
  /** @param labels that the app asks for @param now epoch ms */
  constructor(
    private readonly sink: MetricSink,
    private readonly labels: readonly WebhooksMetricLabel[],
    private readonly now: () => number,
  ) {
    // There from the start, so that the first one is an increase.
    if (labels.length > 0) return;
    sink.count('emitted', { result: 'stored' }, 0);
    sink.count('attempts', { outcome: 'succeeded', error: 'none' }, 0);
  }

  emitted(message: EmitMessage & { error?: unknown }): void {
    const result = message.eventId === null ? 'failed' : message.duplicate ? 'duplicate' : 'stored';
    // An event that is refused may be of any type, or tenant, that somebody thought of.
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

/** Few values: the class of a status, not each status that a server may think of. */
function errorOf({ outcome, statusCode, errorCode }: RecordedMessage): string {
  if (outcome === 'succeeded') return 'none';
  return errorCode ?? `http_${Math.floor((statusCode ?? 0) / 100)}xx`;
}
