import type { DeliveriesController } from '../../api/deliveries.controller.js';
import type { EventsController } from '../../api/events.controller.js';
import type { SettingsController } from '../../api/settings.controller.js';
import type { StatsController } from '../../api/stats.controller.js';
import {
  attemptPage,
  delivery,
  deliveryDetail,
  deliveryPage,
  request,
  resends,
} from '../views/delivery.schemas.js';
import { eventDetail, eventPage, eventTypes } from '../views/event.schemas.js';
import { settings, stats, statsByEndpoint } from '../views/other.schemas.js';
import type { DescribedRoutes } from './described-route.js';

export const deliveriesRoutes: DescribedRoutes<DeliveriesController> = {
  list: { operationId: 'listWebhookDeliveries', summary: 'List deliveries', answer: deliveryPage },
  get: {
    operationId: 'getWebhookDelivery',
    summary: 'Get a delivery with its event and its newest attempts',
    answer: deliveryDetail,
  },
  attempts: {
    operationId: 'listWebhookAttempts',
    summary: 'List the attempts of a delivery',
    answer: attemptPage,
  },
  request: {
    operationId: 'getWebhookRequest',
    summary: 'Get the next request of a delivery, signed now',
    description: 'Nothing is sent: it is there to be made by hand.',
    answer: request,
    errors: ['webhooks/representation-failed', 'webhooks/secret-unavailable', 'webhooks/signing-failed'],
  },
  retryAll: {
    operationId: 'retryWebhookDeliveries',
    summary: 'Send up to 100 deliveries again now',
    answer: resends,
  },
  retry: {
    operationId: 'retryWebhookDelivery',
    summary: 'Send a delivery again now',
    answer: delivery,
    errors: [
      'webhooks/endpoint-inactive',
      'webhooks/event-filtered',
      'webhooks/delivery-in-flight',
      'webhooks/too-many-requests',
    ],
  },
};

export const eventsRoutes: DescribedRoutes<EventsController> = {
  types: { operationId: 'listWebhookEventTypes', summary: 'List the event types', answer: eventTypes },
  list: { operationId: 'listWebhookEvents', summary: 'List events', answer: eventPage },
  get: {
    operationId: 'getWebhookEvent',
    summary: 'Get an event, and to whom it went',
    answer: eventDetail,
  },
};

export const statsRoutes: DescribedRoutes<StatsController> = {
  ofTenant: {
    operationId: 'getWebhookStats',
    summary: 'Count the attempts to all endpoints',
    answer: stats,
  },
  ofEndpoints: {
    operationId: 'getWebhookStatsByEndpoint',
    summary: 'Count the attempts to several endpoints, each by itself',
    answer: statsByEndpoint,
  },
  ofEndpoint: {
    operationId: 'getWebhookEndpointStats',
    summary: 'Count the attempts to an endpoint',
    answer: stats,
  },
};

export const settingsRoutes: DescribedRoutes<SettingsController> = {
  get: { operationId: 'getWebhookSettings', summary: 'Get how the app sends', answer: settings },
};
