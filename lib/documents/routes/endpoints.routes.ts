import type { EndpointsController } from '../../api/endpoints.controller.js';
import type { RepresentationsController } from '../../api/representations.controller.js';
import { deliveryPage, draftTestResult, testResult } from '../views/delivery.schemas.js';
import {
  createdEndpoint,
  endpoint,
  endpointPage,
  filterPreview,
  represented,
  secrets,
} from '../views/endpoint.schemas.js';
import { recovery, recoveryPreview } from '../views/other.schemas.js';
import type { DescribedRoutes } from './described-route.js';

export const endpointsRoutes: DescribedRoutes<EndpointsController> = {
  create: {
    operationId: 'createWebhookEndpoint',
    summary: 'Create an endpoint',
    description: 'The answer holds the secret that signs its requests.',
    answer: createdEndpoint,
    errors: ['webhooks/endpoint-quota'],
  },
  list: {
    operationId: 'listWebhookEndpoints',
    summary: 'List endpoints',
    answer: endpointPage,
  },
  get: { operationId: 'getWebhookEndpoint', summary: 'Get an endpoint', answer: endpoint },
  update: {
    operationId: 'updateWebhookEndpoint',
    summary: 'Change an endpoint',
    description: 'What is left out stays as it is. `events`, `headers` and `filter` are replaced as a whole.',
    answer: endpoint,
  },
  delete: {
    operationId: 'deleteWebhookEndpoint',
    summary: 'Delete an endpoint',
    description: 'Its pending deliveries are canceled. Its log stays until it is pruned.',
    answer: undefined,
  },
  secret: {
    operationId: 'getWebhookSecret',
    summary: 'Get the secrets that sign now',
    answer: secrets,
    errors: ['webhooks/secret-unavailable'],
  },
  rotateSecret: {
    operationId: 'rotateWebhookSecret',
    summary: 'Make a new secret',
    description: 'Earlier secrets go on signing beside it for `overlap`.',
    answer: secrets,
    errors: ['webhooks/secret-changing', 'webhooks/too-many-secrets', 'webhooks/secret-unavailable'],
  },
  test: {
    operationId: 'testWebhookEndpoint',
    summary: 'Send a test',
    description: 'Sends an event now, once, and answers with what was sent and what came back.',
    answer: testResult,
    errors: ['webhooks/paused', 'webhooks/too-many-requests', 'webhooks/secret-unavailable'],
  },
  previewFilter: {
    operationId: 'previewWebhookFilter',
    summary: 'Try a filter on the newest events',
    description: 'Nothing is stored or sent.',
    answer: filterPreview,
  },
  testDraft: {
    operationId: 'testWebhookDraft',
    summary: 'Send a test to an endpoint that is not created yet',
    description: 'Signed with a secret of its own. The log has the event, and nothing else of it.',
    answer: draftTestResult,
    errors: ['webhooks/paused', 'webhooks/too-many-requests'],
  },
  listDeliveries: {
    operationId: 'listWebhookEndpointDeliveries',
    summary: 'List the deliveries of an endpoint',
    answer: deliveryPage,
  },
  previewRecovery: {
    operationId: 'previewWebhookRecovery',
    summary: 'See what a recovery would send',
    description: 'And how far one has come.',
    answer: recoveryPreview,
  },
  recover: {
    operationId: 'recoverWebhookEndpoint',
    summary: 'Send again what an endpoint missed',
    description:
      'Failed and canceled deliveries again, and matching events that it never got, a hundred every two seconds: ' +
      'what its filter lets through now.',
    answer: recovery,
    errors: ['webhooks/endpoint-inactive', 'webhooks/too-many-requests'],
  },
};

export const representationsRoutes: DescribedRoutes<RepresentationsController> = {
  preview: {
    operationId: 'previewWebhookRepresentation',
    summary: 'See an event in the form of an endpoint',
    description: 'The example of a type, or an event that was emitted. Nothing is sent or stored.',
    answer: represented,
    errors: ['webhooks/not-found'],
  },
};
