/** The types of the routes themselves. */
export type {
  OperatorJobView,
  OperatorPauseView,
  OperatorSettingsView,
} from '../../../operation/acts/views.js';
export type {
  OperatorAttentionView,
  OperatorAuditView,
  OperatorBacklogView,
  OperatorDeliveryDetailView,
  OperatorDeliveryView,
  OperatorDueView,
  OperatorEndpointState,
  OperatorEndpointView,
  OperatorEventDetailView,
  OperatorFoundView,
  OperatorLagView,
  OperatorOverviewView,
  OperatorSearchView,
  OperatorTenantView,
  OperatorWaitingView,
  OperatorWorkerView,
} from '../../../operation/operator/views.js';
export type { WebhookPageView } from '../../../management/views.js';
export type { WebhookDeliveryView, WebhookStatsView } from '../../../management/views.js';
