// What the routes answer with: times in ISO 8601, and nothing that a tenant should not see. The types of all views are
// here, for callers; the functions that make them are in the files beside.
export type { WebhookAuditView } from '../audit/audit.view.js';
export type {
  WebhookAttemptView,
  WebhookDeliveryView,
  WebhookDraftTestView,
  WebhookRequestView,
  WebhookResendsView,
  WebhookTestView,
} from './views/delivery.views.js';
export type {
  WebhookDeliveryDetailView,
  WebhookEventDetailView,
  WebhookFilteredView,
} from './views/detail.views.js';
export type {
  WebhookEndpointView,
  WebhookFilterPreviewView,
  WebhookSecretView,
} from './views/endpoint.views.js';
export type { WebhookEventSummaryView, WebhookEventView } from './views/event.views.js';
export type { WebhookPageView } from './views/page.view.js';
export type { WebhookRecoveryPreviewView, WebhookRecoveryView } from './views/recovery.views.js';
export type { WebhookRepresentedView } from './views/represented.view.js';
export type { WebhookSettingsView } from './views/settings.view.js';
export type {
  WebhookEndpointStatsView,
  WebhookStatsByEndpointView,
  WebhookStatsView,
} from './views/stats.views.js';
