/**
 * The public names, and the types that they take and give.
 *
 * @module nestjs-webhooks
 */
export * from '../../../lib/index.js';
export type {
  WebhooksApiOptions,
  WebhooksFeatureOptions,
  WebhooksQueueOption,
  WebhooksRedisOptions,
  WebhooksStructureOptions,
  WebhooksTransactionOptions,
} from '../../../lib/config/webhooks-options.js';
export type { AllowedHost } from '../../../lib/domain/allowed-hosts.js';
export type { ClientCertificate } from '../../../lib/domain/client-certificate.js';
export type { WebhookFilter } from '../../../lib/domain/endpoint-filter.js';
export type { RepresentationChoice } from '../../../lib/domain/representation/choice.js';
export type { WebhookRepresentationOptions } from '../../../lib/config/representation-options.js';
export type { WebhookSchemeOption } from '../../../lib/config/signature-schemes.js';
export type { WebhooksSignatureOptions } from '../../../lib/config/signature-options.js';
export type { WebhookVersionOptions } from '../../../lib/config/version-options.js';
export type { WebhooksDocumentsOptions } from '../../../lib/config/documents-options.js';
export type { WebhooksGuidePart } from '../../../lib/config/guide-options.js';
export type { WebhooksMetricLabel, WebhooksTelemetryOptions } from '../../../lib/config/telemetry-options.js';
export type {
  DomainEventMapping,
  WebhookEventTypeOptions,
  WebhookMappingOptions,
  WebhooksTransaction,
} from '../../../lib/config/webhook-event-options.js';
export type { RetryScheduleOption } from '../../../lib/domain/retry-schedule.js';
export type { WebhookDeliveryStatus } from '../../../lib/domain/delivery.js';
export type { DeliveriesService } from '../../../lib/management/deliveries.service.js';
export type { EndpointsService, NewWebhookEndpoint } from '../../../lib/management/endpoints.service.js';
export type { EventsService } from '../../../lib/management/events.service.js';
export type { RepresentationsService } from '../../../lib/management/representations.service.js';
export type { SettingsService } from '../../../lib/management/settings.service.js';
export type { StatsService } from '../../../lib/management/stats.service.js';
export type { HealthService } from '../../../lib/operation/health.service.js';
export type { WebhookLogFilter } from '../../../lib/persistence/log-filter.js';
export type {
  WebhookEndpointChanges,
  WebhookEndpointFilter,
} from '../../../lib/persistence/webhook-endpoint.repository.js';
export type { WebhookPage } from '../../../lib/persistence/webhook-log.repository.js';
