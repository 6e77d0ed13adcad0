import { deliveryView, type WebhookDeliveryView } from '../../../management/views/delivery.views.js';
import type {
  WebhookDeliveryDetailView,
  WebhookEventDetailView,
} from '../../../management/views/detail.views.js';
import type { WebhookEventSummaryView } from '../../../management/views/event.views.js';
import type { LoggedDelivery } from '../../../persistence/logged-deliveries.js';
import type { OperatorWaitingView } from '../waiting-for.js';

export interface OperatorDeliveryView extends WebhookDeliveryView {
  tenant: string;
}

export interface OperatorDeliveryDetailView extends WebhookDeliveryDetailView {
  tenant: string;
  /** The reason why it is still pending; `null` once it is final. */
  waitingFor: OperatorWaitingView | null;
}

export interface OperatorEventView extends WebhookEventSummaryView {
  tenant: string;
}

export interface OperatorEventDetailView extends WebhookEventDetailView {
  tenant: string;
}

export const operatorDeliveryView = (delivery: LoggedDelivery): OperatorDeliveryView => ({
  tenant: delivery.tenant,
  ...deliveryView(delivery),
});
