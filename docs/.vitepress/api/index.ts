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
} from '../../../lib/config/webhooks-options.js';
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
export type { EndpointsService } from '../../../lib/management/endpoints.service.js';
export type { EventsService } from '../../../lib/management/events.service.js';
export type { SettingsService } from '../../../lib/management/settings.service.js';
export type { StatsService } from '../../../lib/management/stats.service.js';
