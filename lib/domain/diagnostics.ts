import { channel, tracingChannel } from 'node:diagnostics_channel';

/**
 * What `node:diagnostics_channel` tells of. Names and properties are stable; new properties may come. No message has a
 * secret, a body, or the path of a URL. Where nobody subscribes, no message is made.
 */

/** `tracing:nestjs-webhooks:emit:*`: one call of `emit`, from the call to the stored rows. */
export interface EmitMessage {
  /** Which module of which process, as in `WebhooksService.health.workers()`. */
  readonly instance: string;
  readonly eventType: string;
  readonly tenant: string;
  /**
   * For a subscriber of `start` to set, and nobody else: the W3C trace context that is stored with the event. Whoever traces attempts
   * gets it with each, in any process.
   */
  traceparent: string | null;
  /** Once it is stored; the earlier event's where the idempotency key had one. */
  eventId: string | null;
  /** Whether an idempotency key had stored the same before. */
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
  /** Of the URL: `hooks.example.com:8443`. */
  readonly host: string;
  /** Of the emit; `null` where that was not traced. */
  readonly emitTraceparent: string | null;
  /** For a subscriber of `start` to set: what the receiver gets as `traceparent`, where `telemetry.propagate` is true. */
  traceparent: string | null;
  /** From `asyncEnd` on. `null` where there was no response. */
  statusCode: number | null;
  /** From `asyncEnd` on: why there was no response that counts; `unsent` where nothing of it has left this process. */
  errorCode: string | null;
  durationMs: number | null;
}

export const EMIT = tracingChannel<EmitMessage>('nestjs-webhooks:emit');
export const ATTEMPT = tracingChannel<AttemptMessage>('nestjs-webhooks:attempt');
/** With the properties of the lifecycle events `webhooks.delivery.*`, `instance` and `outcome`. */
export const RECORDED = channel('nestjs-webhooks:attempt:recorded');
/** With those of `webhooks.endpoint.disabled`, and `instance`. */
export const DISABLED = channel('nestjs-webhooks:endpoint:disabled');
