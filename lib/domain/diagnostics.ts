import { channel, tracingChannel } from 'node:diagnostics_channel';

/**
 * The messages of our `node:diagnostics_channel` channels. Names and properties are stable; properties may be added. No
 * message contains a secret, a body, or the path of a URL. Without a subscriber, no message is made.
 */

/** `tracing:nestjs-webhooks:emit:*`: one call of `emit`, from the call to the stored rows. */
export interface EmitMessage {
  /** Identifies the module in its process, as in `WebhooksService.health.workers()`. */
  readonly instance: string;
  readonly eventType: string;
  readonly tenant: string;
  /**
   * Only a subscriber of `start` may set it: the W3C trace context that is stored with the event. The messages of its
   * attempts have it as `emitTraceparent`, in any process.
   */
  traceparent: string | null;
  /** Set once the event is stored. The id of the earlier event, if the idempotency key had one. */
  eventId: string | null;
  /** Whether the idempotency key had stored an event before. */
  duplicate: boolean;
}

/** `tracing:nestjs-webhooks:attempt:*`: one request to a receiver, from its signature to the end of the response. */
export interface AttemptMessage {
  readonly instance: string;
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly endpointId: string;
  readonly tenant: string;
  readonly test: boolean;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The host and port of the URL: `hooks.example.com:8443`. */
  readonly host: string;
  /** The trace context of the emit; `null` if it was not traced. */
  readonly emitTraceparent: string | null;
  /**
   * Only a subscriber of `start` may set it: the receiver gets it as `traceparent` if `telemetry.propagate` is true.
   */
  traceparent: string | null;
  /** Set from `asyncEnd` on. `null` if there was no response. */
  statusCode: number | null;
  /** Set from `asyncEnd` on: why there was no usable response. `unsent`: nothing has left this process. */
  errorCode: string | null;
  durationMs: number | null;
}

export const EMIT = tracingChannel<EmitMessage>('nestjs-webhooks:emit');
export const ATTEMPT = tracingChannel<AttemptMessage>('nestjs-webhooks:attempt');
/** Has the properties of the lifecycle events `webhooks.delivery.*`, with `instance` and `outcome`. */
export const RECORDED = channel('nestjs-webhooks:attempt:recorded');
/** Has the properties of `webhooks.endpoint.disabled`, with `instance`. */
export const DISABLED = channel('nestjs-webhooks:endpoint:disabled');
