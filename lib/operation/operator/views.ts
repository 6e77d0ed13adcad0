// The results of the operator's services, and the responses of their routes. Times are ISO 8601, durations are ms.

export type { OperatorAttentionView } from './attention.js';
export type { OperatorAuditView } from './operator-audit.service.js';
export type { OperatorBacklogView, OperatorOverviewView } from './operator-overview.service.js';
export type { OperatorDueView } from './views/due.view.js';
export type { OperatorEndpointState, OperatorEndpointView } from './views/endpoint.views.js';
export type {
  OperatorDeliveryDetailView,
  OperatorDeliveryView,
  OperatorEventDetailView,
  OperatorEventView,
} from './views/log.views.js';
export type {
  OperatorLagPointView,
  OperatorLagView,
  OperatorTenantVolumeView,
  OperatorVolumesView,
} from './views/stats.views.js';
export type { OperatorTenantView } from './views/tenant.views.js';
export type { OperatorWaitingView } from './waiting-for.js';
export type { OperatorWorkerView } from './views/worker.view.js';
export type { OperatorFoundView, OperatorSearchView } from './operator-search.service.js';
