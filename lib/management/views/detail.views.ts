import type { WebhookDeliveryDetail } from '../deliveries.service.js';
import type { WebhookEventDetail } from '../events.service.js';
import {
  attemptView,
  deliveryView,
  type WebhookAttemptView,
  type WebhookDeliveryView,
} from './delivery.views.js';
import {
  eventSummaryView,
  eventView,
  type WebhookEventSummaryView,
  type WebhookEventView,
} from './event.views.js';

export interface WebhookDeliveryDetailView extends WebhookDeliveryView {
  /** `null` once the event has been pruned. */
  event: WebhookEventView | null;
  /** The newest 50, the first one first; `attemptCount` counts all. */
  attempts: WebhookAttemptView[];
}

export const deliveryDetailView = (detail: WebhookDeliveryDetail): WebhookDeliveryDetailView => ({
  ...deliveryView(detail.delivery),
  event: detail.event && eventView(detail.event),
  attempts: detail.attempts.map(attemptView),
});

export interface WebhookEventDetailView extends WebhookEventView, WebhookEventSummaryView {
  /** The first 250; `deliveryCounts` counts all. */
  deliveries: WebhookDeliveryView[];
}

export const eventDetailView = ({ event, deliveries }: WebhookEventDetail): WebhookEventDetailView => ({
  ...eventView(event),
  ...eventSummaryView(event),
  deliveries: deliveries.map(deliveryView),
});
