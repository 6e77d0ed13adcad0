// The module
export { WebhooksModule, type WebhooksModuleAsyncOptions } from './webhooks.module.js';
export type { WebhooksModuleOptions, WebhooksOptions } from './config/webhooks-options.js';
export type { WebhooksGuideOptions } from './config/guide-options.js';
export type { WebhookDuration } from './domain/duration.js';

// Emitting
export { WebhooksService } from './webhooks.service.js';
export { EmitsWebhook } from './mapping/emits-webhook.decorator.js';
export type { EmitWebhookOptions, WebhookEventCatalogueOptions } from './config/webhook-event-options.js';

// Managing: what `WebhooksService` gives, and the routes answer with
export type {
  WebhookAttemptView,
  WebhookAuditView,
  WebhookDeliveryDetailView,
  WebhookDeliveryView,
  WebhookEndpointStatsView,
  WebhookEndpointView,
  WebhookEventDetailView,
  WebhookEventSummaryView,
  WebhookEventView,
  WebhookPageView,
  WebhookRecoveryPreviewView,
  WebhookRecoveryView,
  WebhookSecretView,
  WebhookSettingsView,
  WebhookStatsByEndpointView,
  WebhookStatsView,
  WebhookTestView,
} from './management/views.js';
export type { WebhookEventTypeDescription } from './config/event-catalogue.js';

// Lifecycle events
export type {
  WebhookDeliveryLifecycleEvent,
  WebhookEndpointDisabledEvent,
  WebhookEndpointFailingEvent,
  WebhookEndpointRecoveredEvent,
} from './delivery/lifecycle-events.js';
export type {
  WebhookLagEvent,
  WebhookOutageEvent,
  WebhookTenantLimitedEvent,
} from './delivery/alert-events.js';

// Operating: over all tenants, and what the operators' routes answer with
export { WebhooksOperator } from './operation/operator/webhooks-operator.js';

// The customers' guide
export { webhooksGuide } from './guide/webhooks-guide.js';

// The database
export { webhooksEntities } from './persistence/entities.js';
export { webhooksMigrations } from './persistence/migrations/index.js';
export { WebhookAttempt } from './persistence/webhook-attempt.entity.js';
export { WebhookDelivery } from './persistence/webhook-delivery.entity.js';
export { WebhookEndpoint } from './persistence/webhook-endpoint.entity.js';
export { WebhookEvent } from './persistence/webhook-event.entity.js';

// Errors that an app catches. All others extend WebhooksError, too: tell them by their `code`.
export {
  InvalidWebhookInputError,
  InvalidWebhooksOptionError,
  WebhooksError,
} from './domain/webhooks.error.js';
export { InvalidWebhookDataError } from './domain/json-body.js';
export { InvalidWebhookPayloadError, UnknownWebhookEventTypeError } from './config/event-catalogue.js';
export { WebhookBodyTooLargeError } from './dispatch/emit-rules.js';
export {
  WebhookConflictError,
  WebhookNotFoundError,
  WebhookTooManyRequestsError,
} from './management/management.errors.js';
