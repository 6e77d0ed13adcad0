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
  /** W3C trace context of the emit, where it was traced. */
  readonly traceparent: string | null;
  /** The newest version of the app's events when it was emitted; `null`: it had none. */
  readonly version: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** What sending to an endpoint takes. */
export interface LoadedEndpoint {
  readonly url: string;
  /** As they are stored: anything that JSON can be. */
  readonly headers: unknown;
  readonly secrets: string;
  readonly active: boolean;
  readonly rateLimit: number | null;
  /** The most requests at once from this worker. `null`: the endpoint sets no bound of its own. */
  readonly concurrency: number | null;
  readonly failingSince: number | null;
  /** See `storedChoice`; `null`: the event's own body. */
  readonly representation: string | null;
  /** The version that it is kept at; `null`: the oldest. */
  readonly version: string | null;
  /** When the app was told that it fails. */
  readonly failingToldAt: number | null;
  /** Nothing is sent before. */
  readonly deferredUntil: number | null;
  /** As it is stored; `null`: it wants none. */
  readonly authorization: string | null;
  /** As it is stored; `null`: it has none of its own. */
  readonly clientCertificate: string | null;
}

/** An endpoint as somebody has seen it: `unknown` where nobody has looked yet. */
export type SeenEndpoint = LoadedEndpoint | 'unknown' | 'deleted';

/** A delivery under a lease, with all that sending it takes. */
export interface LoadedDelivery {
  readonly id: string;
  readonly token: string;
  readonly leaseExpiresAt: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly tenant: string;
  /** The event's own. */
  readonly body: string;
  /** What is sent in its place, where that was made at an attempt before: see `frozenBodyOf`. */
  readonly frozenBody: string | null;
  /** The newest version of the app's events when the event was emitted; `null`: it had none. */
  readonly eventVersion: string | null;
  /** W3C trace context of the emit, where it was traced. */
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
  /** As it was when the delivery was stored or claimed. */
  readonly endpoint: SeenEndpoint;
}

/** A delivery that is under a lease since it was made: all of it is known without a load. */
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

/** The new state of a delivery that gives its lease back, with the attempt that led to it, if one was made. */
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

/** A body that is about to be written to the row of a delivery, under its lease. */
export interface BodyToFreeze {
  readonly deliveryId: string;
  readonly token: string;
  /** See `frozenText`. */
  readonly frozenBody: string;
}

/** How much of a record is written: all, all but the statistics, or the delivery's state alone. */
export type RecordParts = 'all' | 'uncounted' | 'state';
