import { iso, isoOrNull } from '../../domain/iso.js';
import type { VisitedEndpoint } from '../../domain/claim.js';
import type { EndpointFailure } from '../../persistence/webhook-all-endpoints.repository.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import type { WebhookWorkerRow } from '../../persistence/webhook-worker.entity.js';
import type { OperatorPauseView } from '../acts/views.js';
import { isAlive } from './views/worker.view.js';

/** Something that an operator should look at. */
export interface OperatorAttentionView {
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
  /** One sentence in English. */
  text: string;
}

const ofAll = { tenant: null, endpointId: null };
const ofOne = ({ tenant, id }: WebhookEndpoint): { tenant: string; endpointId: string } => ({
  tenant,
  endpointId: id,
});

export function noWorker(workers: readonly WebhookWorkerRow[], now: number): OperatorAttentionView[] {
  if (workers.some(({ seenAt }) => isAlive(seenAt, now))) return [];
  const [last] = workers;
  const since = last ? ` The last was ${last.name}, at ${iso(last.seenAt)}.` : '';
  return [
    {
      kind: 'no-worker',
      ...ofAll,
      since: last ? iso(last.seenAt) : null,
      text: `No worker is alive: nothing is sent.${since}`,
    },
  ];
}

/** @param count the number of due deliveries, as text */
export const lag = (oldestDueAt: number, count: string): OperatorAttentionView => ({
  kind: 'lag',
  ...ofAll,
  since: iso(oldestDueAt),
  text: `${count} due, the oldest since ${iso(oldestDueAt)}.`,
});

export const unattended = ({ tenant, endpointId, dueAt }: VisitedEndpoint): OperatorAttentionView => ({
  kind: 'unattended',
  tenant,
  endpointId,
  since: iso(dueAt),
  text: `Deliveries are due since ${iso(dueAt)}, the endpoint has not failed, and no worker sends to it.`,
});

export function paused({
  scope,
  tenant,
  endpointId,
  createdAt,
  reason,
}: OperatorPauseView): OperatorAttentionView {
  const what = { all: 'Everything', tenant: 'A tenant', endpoint: 'An endpoint' }[scope];
  const why = reason === null ? '' : `: ${reason}`;
  return { kind: 'paused', tenant, endpointId, since: createdAt, text: `${what} is paused${why}.` };
}

export function failing(
  endpoint: WebhookEndpoint,
  failure: EndpointFailure | undefined,
): OperatorAttentionView {
  const { failingSince, name } = endpoint;
  const isAway = failure?.statusCode === null && failure.errorCode !== null;
  const how =
    failure?.errorCode ?? (failure?.statusCode != null ? `status ${failure.statusCode}` : undefined);
  return {
    kind: isAway ? 'away' : 'failing',
    ...ofOne(endpoint),
    since: isoOrNull(failingSince),
    text: `${name} has failed every attempt since ${iso(failingSince!)}${how === undefined ? '' : `: ${how}`}.`,
  };
}

export const disabled = (endpoint: WebhookEndpoint): OperatorAttentionView => ({
  kind: 'disabled',
  ...ofOne(endpoint),
  since: isoOrNull(endpoint.disabledAt),
  text: `${endpoint.name} was disabled: ${endpoint.disabledReason}.`,
});

export const deferred = (endpoint: WebhookEndpoint): OperatorAttentionView => ({
  kind: 'deferred',
  ...ofOne(endpoint),
  since: null,
  text: `${endpoint.name} has asked for a pause until ${iso(endpoint.deferredUntil!)}.`,
});

export const limited = (endpoint: WebhookEndpoint): OperatorAttentionView => ({
  kind: 'limited',
  ...ofOne(endpoint),
  since: null,
  text: `${endpoint.name} has more to get than its rate limit of ${endpoint.rateLimit} a second lets through.`,
});
