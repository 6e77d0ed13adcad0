import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import type { AttemptMessage, EmitMessage } from '../../domain/diagnostics.js';
import { parseTraceparent, traceparentOf } from '../../domain/traceparent.js';

type OpenTelemetry = typeof import('@opentelemetry/api');
type Failed = { readonly error?: unknown };

/**
 * Turns messages of the diagnostics channels into spans. Each attempt is the root of its own trace, with a link to
 * the emit: it may run hours later, and one emit has many attempts.
 */
export class Tracing {
  private readonly spans = new WeakMap<object, Span>();

  constructor(
    private readonly api: OpenTelemetry,
    private readonly tracer: Tracer,
  ) {}

  emitStarted(message: EmitMessage): void {
    const { PRODUCER } = this.api.SpanKind;
    const attributes = { ...messaging('send', message.eventType) };
    const span = this.tracer.startSpan(`send ${message.eventType}`, { kind: PRODUCER, attributes });
    this.spans.set(message, span);
    message.traceparent = this.traceparent(span);
  }

  emitEnded(message: EmitMessage & Failed): void {
    const attributes: Attributes = { 'nestjs_webhooks.duplicate': message.duplicate };
    if (message.eventId !== null) attributes['messaging.message.id'] = message.eventId;
    this.end(message, attributes, message.error && (errorCodeOf(message.error) ?? 'error'));
  }

  attemptStarted(message: AttemptMessage): void {
    const emit = parseTraceparent(message.emitTraceparent);
    const span = this.tracer.startSpan(`attempt ${message.eventType}`, {
      root: true,
      kind: this.api.SpanKind.CLIENT,
      links: emit ? [{ context: { ...emit, isRemote: true } }] : [],
      attributes: {
        ...messaging('process', message.eventType),
        'messaging.message.id': message.eventId,
        'http.request.method': 'POST',
        'server.address': message.host,
        'nestjs_webhooks.delivery.id': message.deliveryId,
        'nestjs_webhooks.endpoint.id': message.endpointId,
        'nestjs_webhooks.attempt': message.attempt,
      },
    });
    this.spans.set(message, span);
    message.traceparent = this.traceparent(span);
  }

  attemptEnded(message: AttemptMessage & Failed): void {
    const { statusCode, errorCode, error } = message;
    const attributes: Attributes = {};
    if (statusCode !== null) attributes['http.response.status_code'] = statusCode;
    const isSuccess = statusCode !== null && statusCode >= 200 && statusCode < 300;
    const wrong = errorCode ?? (error && (errorCodeOf(error) ?? 'error')) ?? (isSuccess ? null : statusCode);
    this.end(message, attributes, wrong);
  }

  private end(message: object, attributes: Attributes, wrong: unknown): void {
    const span = this.spans.get(message);
    if (!span) return;
    span.setAttributes(attributes);
    if (wrong !== null && wrong !== undefined) {
      span.setAttribute('error.type', String(wrong));
      span.setStatus({ code: this.api.SpanStatusCode.ERROR });
    }
    span.end();
  }

  /** `null` if no SDK creates contexts. */
  private traceparent(span: Span): string | null {
    const context = span.spanContext();
    return this.api.isSpanContextValid(context) ? traceparentOf(context) : null;
  }
}

const messaging = (operation: 'send' | 'process', eventType: string): Attributes => ({
  'messaging.system': 'nestjs-webhooks',
  'messaging.operation.type': operation,
  'messaging.destination.name': eventType,
});

const errorCodeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;
