import { iso, isoOrNull } from '../../domain/iso.js';
import type { VisitedEndpoint } from '../../domain/claim.js';
import type { EndpointFailure } from '../../persistence/webhook-all-endpoints.repository.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import type { WebhookWorkerRow } from '../../persistence/webhook-worker.entity.js';
import type { OperatorPauseView } from '../acts/views.js';
import type { OperatorDueView } from './views/due.view.js';
import { attention as said, type ATTENTION, type Sentence } from './sentences.js';
import { isAlive } from './views/worker.view.js';

/** Something that an operator should look at. */
export interface OperatorAttentionView extends Sentence<keyof typeof ATTENTION> {
  /**
   * `no-worker`, `lag` and `unattended`: due deliveries are not sent; `paused`; `away`: it does not respond;
   * `failing`: it responds with errors; `disabled`: the app disabled it; `deferred`: it asked us to wait; `limited`:
   * it has used up its rate limit.
   */
  kind:
    'no-worker' | 'lag' | 'unattended' | 'paused' | 'away' | 'failing' | 'disabled' | 'deferred' | 'limited';
  /** `null` if it concerns all tenants. */
  tenant: string | null;
  endpointId: string | null;
  since: string | null;
}

const ofAll = { tenant: null, endpointId: null };
const ofOne = ({ tenant, id }: WebhookEndpoint): { tenant: string; endpointId: string } => ({
  tenant,
  endpointId: id,
});

export function noWorker(workers: readonly WebhookWorkerRow[], now: number): OperatorAttentionView[] {
  if (workers.some(({ seenAt }) => isAlive(seenAt, now))) return [];
  const since = isoOrNull(workers[0]?.seenAt ?? null);
  const params = { worker: workers[0]?.name ?? null, seenAt: since };
  return [{ kind: 'no-worker', ...ofAll, since, ...said('no-worker', params) }];
}

export function lag(oldestDueAt: number, { count, isMore }: OperatorDueView): OperatorAttentionView {
  const since = iso(oldestDueAt);
  return { kind: 'lag', ...ofAll, since, ...said('lag', { count, isMore, oldestDueAt: since }) };
}

export function unattended({ tenant, endpointId, dueAt }: VisitedEndpoint): OperatorAttentionView {
  const since = iso(dueAt);
  return { kind: 'unattended', tenant, endpointId, since, ...said('unattended', { dueAt: since }) };
}

export const paused = ({
  scope,
  tenant,
  endpointId,
  createdAt,
  reason,
}: OperatorPauseView): OperatorAttentionView => ({
  kind: 'paused',
  tenant,
  endpointId,
  since: createdAt,
  ...said(`paused-${scope}`, { reason }),
});

export function failing(
  endpoint: WebhookEndpoint,
  failure: EndpointFailure | undefined,
): OperatorAttentionView {
  const { statusCode = null, errorCode = null } = failure ?? {};
  const kind = statusCode === null && errorCode !== null ? 'away' : 'failing';
  const since = iso(endpoint.failingSince!);
  const params = {
    name: endpoint.name,
    failingSince: since,
    statusCode: errorCode === null ? statusCode : null,
    errorCode,
  };
  return { kind, ...ofOne(endpoint), since, ...said(kind, params) };
}

export const disabled = (endpoint: WebhookEndpoint): OperatorAttentionView => ({
  kind: 'disabled',
  ...ofOne(endpoint),
  since: isoOrNull(endpoint.disabledAt),
  ...said('disabled', { name: endpoint.name, disabledReason: endpoint.disabledReason }),
});

export const deferred = (endpoint: WebhookEndpoint): OperatorAttentionView => ({
  kind: 'deferred',
  ...ofOne(endpoint),
  since: null,
  ...said('deferred', { name: endpoint.name, deferredUntil: iso(endpoint.deferredUntil!) }),
});

export const limited = (endpoint: WebhookEndpoint): OperatorAttentionView => ({
  kind: 'limited',
  ...ofOne(endpoint),
  since: null,
  ...said('limited', { name: endpoint.name, rateLimit: endpoint.rateLimit }),
});
