import { endpointView, type WebhookEndpointView } from '../../../management/views/endpoint.views.js';
import type { WebhookEndpoint } from '../../../persistence/webhook-endpoint.entity.js';
import type { OperatorDueView } from './due.view.js';

/** States of an endpoint, the worst first. */
export type OperatorEndpointState = 'disabled' | 'off' | 'failing' | 'deferred' | 'limited' | 'active';

export interface OperatorEndpointView extends WebhookEndpointView {
  tenant: string;
  state: OperatorEndpointState;
  /** Paused by a pause of the endpoint, its tenant or everything. */
  paused: boolean;
  due: OperatorDueView;
}

export const operatorEndpointView = (
  endpoint: WebhookEndpoint,
  paused: boolean,
  due: OperatorDueView,
  now: number,
): OperatorEndpointView => ({
  ...endpointView(endpoint),
  tenant: endpoint.tenant,
  state: stateOf(endpoint, now),
  paused,
  due,
});

function stateOf(endpoint: WebhookEndpoint, now: number): OperatorEndpointState {
  const { active, disabledReason, failingSince, deferredUntil, rateLimit, nextSlotAt } = endpoint;
  if (disabledReason !== null) return 'disabled';
  if (!active) return 'off';
  if (failingSince !== null) return 'failing';
  if (deferredUntil !== null && deferredUntil > now) return 'deferred';
  return rateLimit !== null && nextSlotAt > now ? 'limited' : 'active';
}
