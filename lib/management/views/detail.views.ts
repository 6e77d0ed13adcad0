import type { WebhookAttempt } from '../../persistence/webhook-attempt.entity.js';
import type { LoggedDelivery } from '../../persistence/logged-deliveries.js';
import type { WebhookEvent } from '../../persistence/webhook-event.entity.js';
import type { FrozenBody } from '../../domain/representation/frozen-body.js';
import type { WebhookFilter } from '../../domain/endpoint-filter.js';
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
  /** What is sent in place of the event's body, from the first attempt on; `null` where that is sent itself. */
  representation: { name: string; version: string | null; contentType: string; body: string } | null;
  /** The newest 50, the first one first; `attemptCount` counts all. */
  attempts: WebhookAttemptView[];
}

export const deliveryDetailView = (
  delivery: LoggedDelivery,
  event: WebhookEvent | null,
  frozen: FrozenBody | null,
  attempts: readonly WebhookAttempt[],
): WebhookDeliveryDetailView => ({
  ...deliveryView(delivery),
  event: event && eventView(event),
  representation: frozen && {
    name: frozen.name,
    version: frozen.version ?? null,
    contentType: frozen.contentType,
    body: frozen.body,
  },
  attempts: attempts.map(attemptView),
});

export interface WebhookEventDetailView extends WebhookEventView, WebhookEventSummaryView {
  /** The first 250; `deliveryCounts` counts all. */
  deliveries: WebhookDeliveryView[];
  /** The first 250 webhooks that did not get it, and whose filter, as it is now, keeps it out. */
  filtered: WebhookFilteredView[];
}

export interface WebhookFilteredView {
  endpointId: string;
  /** The part of the filter that does not hold. */
  condition: WebhookFilter;
  /** Whether the settings of the webhook have changed since the event: its filter may have been another one then. */
  changedSince: boolean;
}

export const eventDetailView = (
  event: WebhookEvent,
  counts: WebhookEventSummaryView['deliveryCounts'],
  deliveries: readonly LoggedDelivery[],
  filtered: WebhookFilteredView[],
): WebhookEventDetailView => ({
  ...eventView(event),
  ...eventSummaryView(event, counts),
  deliveries: deliveries.map(deliveryView),
  filtered,
});
