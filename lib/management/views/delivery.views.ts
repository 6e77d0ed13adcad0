import type { WebhookAttempt } from '../../persistence/webhook-attempt.entity.js';
import type { LoggedDelivery } from '../../persistence/logged-deliveries.js';
import { iso, isoOrNull } from '../../domain/iso.js';
import { dueAtOf } from '../../domain/parking.js';

export interface WebhookDeliveryView {
  id: string;
  eventId: string;
  eventType: string;
  endpointId: string;
  status: LoggedDelivery['status'];
  test: boolean;
  attemptCount: number;
  /** Of the last attempt. */
  statusCode: number | null;
  errorCode: string | null;
  /** How long the last attempt took. */
  durationMs: number | null;
  /** `null` while an attempt is being made, and once the delivery is final. In the past where it is due, or paused. */
  nextAttemptAt: string | null;
  createdAt: string;
  completedAt: string | null;
}

export const deliveryView = (delivery: LoggedDelivery): WebhookDeliveryView => ({
  id: delivery.id,
  eventId: delivery.eventId,
  eventType: delivery.eventType,
  endpointId: delivery.endpointId,
  status: delivery.status,
  test: delivery.test,
  attemptCount: delivery.attemptCount,
  statusCode: delivery.statusCode,
  errorCode: delivery.errorCode,
  durationMs: delivery.durationMs,
  nextAttemptAt: delivery.leaseToken === null ? isoOrNull(dueAtOf(delivery.nextAttemptAt)) : null,
  createdAt: iso(delivery.createdAt),
  completedAt: isoOrNull(delivery.completedAt),
});

/** The next request of a delivery, ready to be made by hand. */
export interface WebhookRequestView {
  method: 'POST';
  url: string;
  /** With the signatures. */
  headers: Record<string, string>;
  /** The exact text that is signed. */
  body: string;
  /** What the signature says, to the second: receivers refuse it some minutes later. */
  signedAt: string;
}

/** What became of each: `refused` says why one is not sent again, by the `code` that sending it alone would have ended with. */
export interface WebhookResendsView {
  resent: string[];
  refused: { id: string; code: string; message: string }[];
}

export interface WebhookAttemptView {
  id: string;
  number: number;
  outcome: WebhookAttempt['outcome'];
  startedAt: string;
  durationMs: number;
  statusCode: number | null;
  error: { code: string; message: string } | null;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
}

export const attemptView = (attempt: WebhookAttempt): WebhookAttemptView => ({
  id: attempt.id,
  number: attempt.number,
  outcome: attempt.outcome,
  startedAt: iso(attempt.startedAt),
  durationMs: attempt.durationMs,
  statusCode: attempt.statusCode,
  error: attempt.errorCode === null ? null : { code: attempt.errorCode, message: attempt.errorMessage ?? '' },
  requestHeaders: attempt.requestHeaders,
  responseHeaders: attempt.responseHeaders,
  responseBody: attempt.responseBody,
});

export interface WebhookTestView extends WebhookAttemptView {
  deliveryId: string;
  eventId: string;
  /** Where it went. */
  url: string;
  /** The exact text that was sent. */
  requestBody: string;
}

/** Of what no endpoint is stored for: no attempt is, either. */
export interface WebhookDraftTestView extends Omit<WebhookTestView, 'deliveryId' | 'id' | 'number'> {
  /** What it was signed with. */
  secret: string;
}
