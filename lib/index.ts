// The module
export { WebhooksModule, type WebhooksModuleAsyncOptions } from './webhooks.module.js';
export type {
  WebhooksApiOptions,
  WebhooksFeatureOptions,
  WebhooksModuleOptions,
  WebhooksOptions,
  WebhooksRedisOptions,
  WebhooksTransactionOptions,
  WebhooksStructureOptions,
} from './config/webhooks-options.js';
export type { Duration } from './domain/duration.js';
export type { RetryScheduleOption } from './domain/retry-schedule.js';

// Emitting
export { WebhooksService } from './webhooks.service.js';
export type { DeliverDueOptions, DeliveredDue } from './webhooks.due-run.js';
export type { EmittedWebhookEvent } from './dispatch/webhook-emitter.js';
export { EmitsWebhook, type ClassMapping } from './mapping/emits-webhook.decorator.js';
export type {
  CurrentManager,
  DomainEventMapping,
  EmitWebhookOptions,
  WebhookEventCatalogueOptions,
  WebhookEventTypeOptions,
  WebhookMappingOptions,
} from './config/webhook-event-options.js';

// Managing: what `WebhooksService` gives, and what the routes answer with
export type { EndpointsService, NewWebhookEndpoint } from './management/endpoints.service.js';
export type {
  DeliveriesService,
  WebhookDeliveryDetail,
  WebhookRecovery,
  WebhookRecoveryPreview,
} from './management/deliveries.service.js';
export type { WebhookSecretsResealed } from './management/secret-resealer.js';
export type { WebhookTest } from './management/test-sender.js';
export type {
  EventsService,
  WebhookEventDetail,
  WebhookEventWithCounts,
} from './management/events.service.js';
export type { SettingsService } from './management/settings.service.js';
export type { WebhookStatsBucket, WebhookStatsCounts, WebhookStatsSpan } from './management/stats-buckets.js';
export type {
  StatsService,
  WebhookEndpointStats,
  WebhookStats,
  WebhookStatsByEndpoint,
  WebhookStatsQuery,
} from './management/stats.service.js';
export type { WebhookEventTypeDescription } from './config/event-catalogue.js';
export type { WebhookSecret } from './domain/secret.js';
export type {
  WebhookEndpointChanges,
  WebhookEndpointFilter,
} from './persistence/webhook-endpoint.repository.js';
export type {
  WebhookEventSummary,
  WebhookLogFilter,
  WebhookPage,
} from './persistence/webhook-log.repository.js';
export type { WebhookDeliveryCounts } from './persistence/webhook-stats.repository.js';
export type {
  WebhookAttemptView,
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

// Lifecycle events
export type {
  WebhookDeliveryLifecycleEvent,
  WebhookEndpointDisabledEvent,
} from './delivery/lifecycle-events.js';

// The database
export { webhooksEntities } from './persistence/entities.js';
export { webhooksMigrations } from './persistence/migrations/index.js';
export { WebhookAttempt } from './persistence/webhook-attempt.entity.js';
export { WebhookDelivery, type WebhookDeliveryStatus } from './persistence/webhook-delivery.entity.js';
export { WebhookEndpoint, type WebhookDisabledReason } from './persistence/webhook-endpoint.entity.js';
export { WebhookEvent } from './persistence/webhook-event.entity.js';

// Errors
export {
  InvalidWebhookInputError,
  InvalidWebhooksOptionError,
  WebhooksError,
} from './domain/webhooks.error.js';
export type { WebhookFieldProblem } from './domain/webhooks.error.js';
export { InvalidWebhookDataError } from './domain/json-body.js';
export { InvalidWebhookPayloadError, UnknownWebhookEventTypeError } from './config/event-catalogue.js';
export { InvalidEmitOptionError, WebhookBodyTooLargeError } from './dispatch/emit-rules.js';
export {
  WebhookTransactionEndedError,
  WebhookTransactionUnknownError,
} from './dispatch/ambient-transaction.js';
export { WebhookNotStoredError } from './dispatch/webhook-not-stored.error.js';
export { WebhookEmitterMissingError } from './mapping/emits-webhook.decorator.js';
export { InvalidDeliverDueOptionError } from './webhooks.due-run.js';
export {
  WebhookConflictError,
  WebhookNotFoundError,
  WebhookTooManyRequestsError,
} from './management/management.errors.js';
export { WebhookTenantMissingError } from './api/tenant-missing.error.js';
export type { WebhooksErrorBody } from './api/webhooks-exception.filter.js';
export {
  WebhooksEntitiesMissingError,
  WebhooksPrivilegesError,
  WebhooksReadOnlyError,
  WebhooksSchemaError,
  WebhooksSchemaUnreadableError,
} from './persistence/schema/schema.errors.js';
export { UnsafeServerSettingError } from './persistence/server-settings.js';
export { WebhookSecretUnavailableError } from './persistence/secret-sealer.js';
export { WebhooksDatabaseBusyError } from './persistence/sql/database-busy.error.js';
export { UnsupportedDatabaseError } from './persistence/unsupported-database.error.js';
