import { iso } from '../../../domain/iso.js';
import type { PauseScope } from '../../../domain/pauses.js';
import type { WebhookPause } from '../../../persistence/webhook-pause.entity.js';

/** What nothing is sent to. Times are ISO 8601. */
export interface OperatorPauseView {
  id: string;
  scope: PauseScope;
  /** `null` where everything is paused. */
  tenant: string | null;
  /** `null` where more than one endpoint is. */
  endpointId: string | null;
  reason: string | null;
  /** Who placed it, as the app says. */
  actor: string | null;
  createdAt: string;
}

export const operatorPauseView = ({
  id,
  scope,
  tenant,
  endpointId,
  reason,
  actor,
  createdAt,
}: WebhookPause): OperatorPauseView => ({
  id,
  scope,
  tenant: scope === 'all' ? null : tenant,
  endpointId: scope === 'endpoint' ? endpointId : null,
  reason,
  actor,
  createdAt: iso(createdAt),
});
