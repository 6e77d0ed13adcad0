import type { WebhookAttempt } from '../../persistence/webhook-attempt.entity.js';
import type { WebhookDelivery } from '../../persistence/webhook-delivery.entity.js';
import { iso, isoOrNull } from '../../domain/iso.js';

export interface WebhookDeliveryView {
  id: string;
  eventId: string;
  eventType: string;
  endpointId: string;
  status: WebhookDelivery['status'];
  test: boolean;
  attemptCount: number;
  /** Of the last attempt. */
  statusCode: number | null;
  errorCode: string | null;
  /** `null` while an attempt is being made, and once the delivery is final. */
  nextAttemptAt: string | null;
  createdAt: string;
  completedAt: string | null;
}

export const deliveryView = (delivery: WebhookDelivery): WebhookDeliveryView => ({
  id: delivery.id,
  eventId: delivery.eventId,
  eventType: delivery.eventType,
  endpointId: delivery.endpointId,
  status: delivery.status,
  test: delivery.test,
  attemptCount: delivery.attemptCount,
  statusCode: delivery.statusCode,
  errorCode: delivery.errorCode,
  nextAttemptAt: delivery.leaseToken === null ? isoOrNull(delivery.nextAttemptAt) : null,
  createdAt: iso(delivery.createdAt),
  completedAt: isoOrNull(delivery.completedAt),
});

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
}

export const testView = (eventId: string, attempt: WebhookAttempt): WebhookTestView => ({
  deliveryId: attempt.deliveryId,
  eventId,
  ...attemptView(attempt),
});
