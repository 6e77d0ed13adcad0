import type { WebhookSecret } from '../domain/secret.js';
import type { WebhookAttempt } from '../persistence/webhook-attempt.entity.js';
import type { WebhookDelivery } from '../persistence/webhook-delivery.entity.js';
import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import type { WebhookEvent } from '../persistence/webhook-event.entity.js';
import type { WebhookEventSummary } from '../persistence/webhook-log.repository.js';
import type { WebhookDeliveryDetail, WebhookTest } from './deliveries.service.js';
import type { WebhookStats, WebhookStatsBucket } from './stats.service.js';

// What the routes answer with: times in ISO 8601, and nothing that a tenant should not see.

export interface WebhookEndpointView {
  id: string;
  name: string;
  url: string;
  description: string | null;
  events: string[];
  active: boolean;
  disabledReason: WebhookEndpoint['disabledReason'];
  disabledAt: string | null;
  headers: Record<string, string>;
  rateLimit: number | null;
  createdAt: string;
  updatedAt: string;
}

export const endpointView = (endpoint: WebhookEndpoint): WebhookEndpointView => ({
  id: endpoint.id,
  name: endpoint.name,
  url: endpoint.url,
  description: endpoint.description,
  events: endpoint.events,
  active: endpoint.active,
  disabledReason: endpoint.disabledReason,
  disabledAt: isoOrNull(endpoint.disabledAt),
  headers: endpoint.headers,
  rateLimit: endpoint.rateLimit,
  createdAt: iso(endpoint.createdAt),
  updatedAt: iso(endpoint.updatedAt),
});

export interface WebhookSecretView {
  secret: string;
  createdAt: string;
  /** Secrets from before a rotation that still sign. */
  previous: { secret: string; expiresAt: string | null }[];
}

/** @param live newest first */
export function secretView([newest, ...previous]: readonly WebhookSecret[]): WebhookSecretView {
  return {
    secret: newest!.value,
    createdAt: iso(newest!.createdAt),
    previous: previous.map(({ value, expiresAt }) => ({ secret: value, expiresAt: isoOrNull(expiresAt) })),
  };
}

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

export const testView = ({ eventId, attempt }: WebhookTest): WebhookTestView => ({
  deliveryId: attempt.deliveryId,
  eventId,
  ...attemptView(attempt),
});

export interface WebhookEventSummaryView {
  id: string;
  type: string;
  test: boolean;
  idempotencyKey: string | null;
  createdAt: string;
}

export const eventSummaryView = (event: WebhookEventSummary): WebhookEventSummaryView => ({
  id: event.id,
  type: event.type,
  test: event.test,
  idempotencyKey: event.idempotencyKey,
  createdAt: iso(event.createdAt),
});

export interface WebhookEventView extends WebhookEventSummaryView {
  /** The exact text that every endpoint receives. */
  body: string;
}

export const eventView = (event: WebhookEvent): WebhookEventView => ({
  ...eventSummaryView(event),
  body: event.body,
});

export interface WebhookDeliveryDetailView extends WebhookDeliveryView {
  /** `null` once the event has been pruned. */
  event: WebhookEventView | null;
  attempts: WebhookAttemptView[];
}

export const deliveryDetailView = (detail: WebhookDeliveryDetail): WebhookDeliveryDetailView => ({
  ...deliveryView(detail.delivery),
  event: detail.event && eventView(detail.event),
  attempts: detail.attempts.map(attemptView),
});

export interface WebhookStatsView {
  since: string;
  until: string;
  bucketMs: number;
  total: WebhookStats['total'];
  buckets: (Omit<WebhookStatsBucket, 'startAt'> & { startAt: string })[];
}

export const statsView = (stats: WebhookStats): WebhookStatsView => ({
  ...stats,
  since: iso(stats.since),
  until: iso(stats.until),
  buckets: stats.buckets.map((bucket) => ({ ...bucket, startAt: iso(bucket.startAt) })),
});

/** One page of a list. */
export interface WebhookPageView<View> {
  data: View[];
  /** For the `cursor` of the next page; `null` on the last one. */
  nextCursor: string | null;
}

/** @param rows one more than `limit` where there is a next page */
export function pageView<Row extends { id: string }, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
): WebhookPageView<View> {
  const page = rows.slice(0, limit);
  return { data: page.map(view), nextCursor: rows.length > limit ? page.at(-1)!.id : null };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
