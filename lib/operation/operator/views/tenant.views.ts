import type { TenantEndpoints } from '../../../persistence/webhook-tenant.repository.js';
import type { OperatorDueView } from './due.view.js';

export interface OperatorTenantView {
  tenant: string;
  endpoints: number;
  active: number;
  failing: number;
  /** Disabled by the app. */
  disabled: number;
  /** Paused by a pause of the whole tenant, or of everything. */
  paused: boolean;
  due: OperatorDueView;
}

export const operatorTenantView = (
  tenant: string,
  counts: TenantEndpoints | undefined,
  paused: boolean,
  due: OperatorDueView,
): OperatorTenantView => ({
  tenant,
  endpoints: counts?.endpoints ?? 0,
  active: counts?.active ?? 0,
  failing: counts?.failing ?? 0,
  disabled: counts?.disabled ?? 0,
  paused,
  due,
});
