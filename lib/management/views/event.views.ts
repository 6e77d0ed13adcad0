import type { WebhookDeliveryStatus } from '../../domain/delivery.js';
import type { WebhookEvent } from '../../persistence/webhook-event.entity.js';
import type { WebhookEventSummary } from '../../persistence/webhook-log.repository.js';
import { iso } from '../../domain/iso.js';

interface EventFields {
  id: string;
  type: string;
  test: boolean;
  idempotencyKey: string | null;
  createdAt: string;
}

type Fields = Omit<WebhookEventSummary, 'tenant'>;

const eventFields = (event: Fields): EventFields => ({
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

export const eventSummaryView = (
  event: Fields,
  counts: WebhookEventSummaryView['deliveryCounts'],
): WebhookEventSummaryView => ({ ...eventFields(event), deliveryCounts: { ...counts } });

export interface WebhookEventView extends EventFields {
  /** The exact text that every endpoint receives. */
  body: string;
}

export const eventView = (event: Fields & Pick<WebhookEvent, 'body'>): WebhookEventView => ({
  ...eventFields(event),
  body: event.body,
});
