/** The types of the routes themselves, so that the front end fails to compile when the back end changes. */
export type { WebhookEventTypeDescription } from '../../../config/event-catalogue.js';
export type {
  WebhookAttemptView,
  WebhookAuditView,
  WebhookDeliveryDetailView,
  WebhookDeliveryView,
  WebhookDraftTestView,
  WebhookEndpointStatsView,
  WebhookEndpointView,
  WebhookEventDetailView,
  WebhookEventSummaryView,
  WebhookFilterPreviewView,
  WebhookFilteredView,
  WebhookPageView,
  WebhookRecoveryPreviewView,
  WebhookRecoveryView,
  WebhookRepresentedView,
  WebhookRequestView,
  WebhookResendsView,
  WebhookSecretView,
  WebhookSettingsView,
  WebhookStatsByEndpointView,
  WebhookStatsView,
  WebhookTestView,
} from '../../../management/views.js';
export type { WebhookGuideNode, WebhookGuideSection, WebhookGuideView } from '../../../guide/guide-view.js';
export type { CustomersAct } from '../../../domain/audit.js';
export type { WebhookFilter } from '../../../domain/endpoint-filter.js';
export type { WebhookFieldProblem } from '../../../domain/webhooks.error.js';
export type {
  CreateWebhookEndpointDto,
  PreviewWebhookRepresentationDto,
  TestWebhookDraftDto,
  UpdateWebhookEndpointDto,
} from '../../../api/dto/endpoint.dto.js';
