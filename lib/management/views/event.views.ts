import type { WebhookDeliveryStatus } from '../../persistence/webhook-delivery.entity.js';
import type { WebhookEvent } from '../../persistence/webhook-event.entity.js';
import type { WebhookEventWithCounts } from '../events.service.js';
import { iso } from './iso.js';

interface EventFields {
  id: string;
  type: string;
  test: boolean;
  idempotencyKey: string | null;
  createdAt: string;
}

const eventFields = (event: Omit<WebhookEvent, 'body'>): EventFields => ({
  id: event.id,
  type: event.type,
  test: event.test,
  idempotencyKey: event.idempotencyKey,
  createdAt: iso(event.createdAt),
});

export interface WebhookEventSummaryView extends EventFields {
  /** How many of its deliveries are in which state. */
  deliveryCounts: Record<WebhookDeliveryStatus, number>;
}

export const eventSummaryView = (event: WebhookEventWithCounts): WebhookEventSummaryView => ({
  ...eventFields(event),
  deliveryCounts: event.deliveryCounts,
});

export interface WebhookEventView extends EventFields {
  /** The exact text that every endpoint receives. */
  body: string;
}

export const eventView = (event: WebhookEvent): WebhookEventView => ({
  ...eventFields(event),
  body: event.body,
});
