import type { Lease } from './lease.js';
import type { AttemptOutcome } from './outcome.js';

export const WEBHOOK_DELIVERY_STATUSES = ['pending', 'succeeded', 'failed', 'canceled'] as const;
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

/** An event that is about to be stored. */
export interface NewEvent {
  readonly id: string;
  readonly tenant: string;
  readonly type: string;
  /** The bytes that every endpoint receives. */
  readonly body: string;
  readonly idempotencyKey: string | null;
  /** The W3C trace context of the emit, if it was traced. */
  readonly traceparent: string | null;
  /** The newest version of the app's events when it was emitted; `null`: it had none. */
  readonly version: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** What we need to know of an endpoint to send to it. */
export interface LoadedEndpoint {
  readonly url: string;
  /** As stored: it may be any JSON. */
  readonly headers: unknown;
  readonly secrets: string;
  readonly active: boolean;
  readonly rateLimit: number | null;
  /** How many requests it gets at once from this worker, at most. `null`: no limit of its own. */
  readonly concurrency: number | null;
  readonly failingSince: number | null;
  /** See `storedChoice`; `null`: the event's own body. */
  readonly representation: string | null;
  /** The version that the endpoint is kept at; `null`: the oldest. */
  readonly version: string | null;
  /** When the app was told that the endpoint is failing. */
  readonly failingToldAt: number | null;
  /** Nothing is sent to it before this time, epoch ms. */
  readonly deferredUntil: number | null;
  /** As it is stored; `null`: none. */
  readonly authorization: string | null;
  /** As it is stored; `null`: none of its own. */
  readonly clientCertificate: string | null;
}

/** An endpoint as it was last read; `unknown`: nobody has read it yet. */
export type SeenEndpoint = LoadedEndpoint | 'unknown' | 'deleted';

/** A leased delivery, with everything that sending it needs. */
export interface LoadedDelivery {
  readonly id: string;
  readonly token: string;
  readonly leaseExpiresAt: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly tenant: string;
  /** The event's own body. */
  readonly body: string;
  /** The body that is sent instead of the event's, if an earlier attempt made one: see `frozenBodyOf`. */
  readonly frozenBody: string | null;
  /** The newest version of the app's events when the event was emitted; `null`: it had none. */
  readonly eventVersion: string | null;
  /** The W3C trace context of the emit, if it was traced. */
  readonly traceparent: string | null;
  readonly attemptCount: number;
  readonly scheduleAttempts: number;
  readonly firstAttemptAt: number | null;
  readonly single: boolean;
  readonly test: boolean;
  /** Of the last attempt. */
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly endpointId: string;
  /** The endpoint as it was when the delivery was stored or claimed. */
  readonly endpoint: SeenEndpoint;
}

/** A delivery that was leased when it was made. We know all of it, so it need not be loaded. */
export const newDelivery = (
  event: NewEvent,
  { token, expiresAt }: Lease,
  { id, endpointId, endpoint }: Pick<LoadedDelivery, 'id' | 'endpointId' | 'endpoint'>,
): LoadedDelivery => ({
  id,
  token,
  leaseExpiresAt: expiresAt,
  eventId: event.id,
  eventType: event.type,
  tenant: event.tenant,
  body: event.body,
  frozenBody: null,
  eventVersion: event.version,
  traceparent: event.traceparent,
  attemptCount: 0,
  scheduleAttempts: 0,
  firstAttemptAt: null,
  single: false,
  test: false,
  statusCode: null,
  errorCode: null,
  endpointId,
  endpoint,
});

export interface NewAttempt {
  readonly id: string;
  readonly number: number;
  readonly outcome: AttemptOutcome;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly requestHeaders: string;
  readonly responseHeaders: string | null;
  readonly responseBody: string | null;
}

/** The new state of a delivery that gives its lease back, with the attempt that led to it, if there was one. */
export interface DeliveryRecord {
  readonly deliveryId: string;
  readonly token: string;
  readonly endpointId: string;
  readonly tenant: string;
  /** Attempts of tests are not counted. */
  readonly test: boolean;
  readonly status: WebhookDeliveryStatus;
  readonly attemptCount: number;
  readonly scheduleAttempts: number;
  readonly firstAttemptAt: number | null;
  readonly nextAttemptAt: number | null;
  readonly single: boolean;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly completedAt: number | null;
  readonly attempt: NewAttempt | null;
}

/** A body that will be written to the row of a leased delivery. */
export interface BodyToFreeze {
  readonly deliveryId: string;
  readonly token: string;
  /** See `frozenText`. */
  readonly frozenBody: string;
}

/** How much of a record is written: everything, everything but the statistics, or only the delivery's state. */
export type RecordParts = 'all' | 'uncounted' | 'state';
