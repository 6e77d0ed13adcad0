import type { OperatorAuditController } from '../../api/operator/operator-audit.controller.js';
import type { OperatorJobsController } from '../../api/operator/operator-jobs.controller.js';
import type { OperatorLogController } from '../../api/operator/operator-log.controller.js';
import type { OperatorOverviewController } from '../../api/operator/operator-overview.controller.js';
import type { OperatorPausesController } from '../../api/operator/operator-pauses.controller.js';
import type { OperatorSettingsController } from '../../api/operator/operator-settings.controller.js';
import type { OperatorStatsController } from '../../api/operator/operator-stats.controller.js';
import {
  job,
  jobCount,
  jobPage,
  lag,
  listedDelivery,
  operatorAuditPage,
  operatorDelivery,
  operatorDeliveryPage,
  operatorEndpoint,
  operatorEndpointPage,
  operatorEvent,
  operatorEventPage,
  operatorTenant,
  overview,
  pause,
  pauses,
  search,
  tenantPage,
  tenantSettings,
  volumes,
  workers,
} from '../views/operator.schemas.js';
import { stats } from '../views/other.schemas.js';
import type { DescribedRoutes } from './described-route.js';

export const operatorOverviewRoutes: DescribedRoutes<OperatorOverviewController> = {
  overview: {
    operationId: 'getOperatorOverview',
    summary: 'See what is due, who delivers, what is paused, and what needs attention',
    answer: overview,
  },
  workers: {
    operationId: 'listOperatorWorkers',
    summary: 'List the processes that deliver',
    answer: workers,
  },
  search: {
    operationId: 'searchOperator',
    summary: 'Find an event, a delivery, an endpoint or a tenant',
    answer: search,
  },
  tenants: { operationId: 'listOperatorTenants', summary: 'List the tenants', answer: tenantPage },
  tenant: { operationId: 'getOperatorTenant', summary: 'Get a tenant', answer: operatorTenant },
};

export const operatorLogRoutes: DescribedRoutes<OperatorLogController> = {
  endpoints: {
    operationId: 'listOperatorEndpoints',
    summary: 'List endpoints of all tenants',
    answer: operatorEndpointPage,
  },
  endpoint: { operationId: 'getOperatorEndpoint', summary: 'Get an endpoint', answer: operatorEndpoint },
  disable: {
    operationId: 'disableOperatorEndpoint',
    summary: 'Disable an endpoint',
    description: 'Its owner reads the reason. Its pending deliveries are canceled.',
    answer: operatorEndpoint,
  },
  enable: { operationId: 'enableOperatorEndpoint', summary: 'Enable an endpoint', answer: operatorEndpoint },
  deliveries: {
    operationId: 'listOperatorDeliveries',
    summary: 'List deliveries of all tenants',
    answer: operatorDeliveryPage,
  },
  delivery: {
    operationId: 'getOperatorDelivery',
    summary: 'Get a delivery, and what it waits for',
    answer: operatorDelivery,
  },
  resend: {
    operationId: 'resendOperatorDelivery',
    summary: 'Send a delivery again',
    description: "The tenant's limit of resends does not count it.",
    answer: listedDelivery,
    errors: ['webhooks/endpoint-inactive', 'webhooks/event-filtered', 'webhooks/delivery-in-flight'],
  },
  events: {
    operationId: 'listOperatorEvents',
    summary: 'List events of all tenants',
    answer: operatorEventPage,
  },
  event: {
    operationId: 'getOperatorEvent',
    summary: 'Get an event, and to whom it went',
    answer: operatorEvent,
  },
};

export const operatorStatsRoutes: DescribedRoutes<OperatorStatsController> = {
  lag: {
    operationId: 'getOperatorLag',
    summary: 'See how many were due, and for how long',
    description: 'A worker writes it down each minute, and it is kept for 7 days.',
    answer: lag,
  },
  stats: {
    operationId: 'getOperatorStats',
    summary: 'Count the attempts of a tenant, or of all',
    answer: stats,
  },
  tenants: {
    operationId: 'getOperatorVolumes',
    summary: 'See the tenants with the most deliveries',
    answer: volumes,
  },
};

export const operatorPausesRoutes: DescribedRoutes<OperatorPausesController> = {
  list: { operationId: 'listOperatorPauses', summary: 'List what is paused', answer: pauses },
  pause: {
    operationId: 'createOperatorPause',
    summary: 'Pause an endpoint, a tenant or everything',
    description: 'What is paused already gets no second pause: the answer is the first one.',
    answer: pause,
    errors: ['webhooks/not-found', 'webhooks/too-many-pauses'],
  },
  resume: {
    operationId: 'endOperatorPause',
    summary: 'End a pause',
    description: 'To end one that has ended does nothing.',
    answer: undefined,
  },
};

export const operatorJobsRoutes: DescribedRoutes<OperatorJobsController> = {
  preview: {
    operationId: 'previewOperatorJob',
    summary: 'Count what a job would deal with',
    answer: jobCount,
    errors: ['webhooks/not-found'],
  },
  start: {
    operationId: 'startOperatorJob',
    summary: 'Start a job',
    description: 'While a job with the same request runs, the answer is that one.',
    answer: job,
    errors: ['webhooks/not-found', 'webhooks/too-many-jobs'],
  },
  list: { operationId: 'listOperatorJobs', summary: 'List jobs', answer: jobPage },
  get: { operationId: 'getOperatorJob', summary: 'Get a job', answer: job },
  stop: {
    operationId: 'stopOperatorJob',
    summary: 'Stop a job',
    description: 'What is done stays done. A job that has ended stays as it is.',
    answer: job,
  },
};

export const operatorSettingsRoutes: DescribedRoutes<OperatorSettingsController> = {
  get: {
    operationId: 'getOperatorSettings',
    summary: 'Get the retention and the limits of a tenant',
    answer: tenantSettings,
  },
  set: {
    operationId: 'setOperatorSettings',
    summary: 'Set the retention and the limits of a tenant',
    description: 'In place of all that was set: what is left out is as the options say.',
    answer: tenantSettings,
  },
  reset: {
    operationId: 'resetOperatorSettings',
    summary: 'Have the options hold for a tenant again',
    answer: tenantSettings,
  },
};

export const operatorAuditRoutes: DescribedRoutes<OperatorAuditController> = {
  list: {
    operationId: 'listOperatorAudit',
    summary: 'List who did what',
    description: 'The newest first. Values of headers, secrets and what may be one in a URL are not in it.',
    answer: operatorAuditPage,
  },
};
