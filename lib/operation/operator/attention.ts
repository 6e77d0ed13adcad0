import { iso, isoOrNull } from '../../domain/iso.js';
import type { VisitedEndpoint } from '../../domain/claim.js';
import type { EndpointFailure } from '../../persistence/webhook-all-endpoints.repository.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import type { WebhookWorkerRow } from '../../persistence/webhook-worker.entity.js';
import type { OperatorPauseView } from '../acts/views.js';
import { isAlive } from './views/worker.view.js';

/** Something that somebody should look at. */
export interface OperatorAttentionView {
  /**
   * `no-worker`, `lag` and `unattended`: what is due is not sent; `paused`; `away`: it gives no answer; `failing`: it answers with errors;
   * `disabled`: the app turned it off; `deferred`: it has asked for a pause; `limited`: its rate limit is used up.
   */
  kind:
    'no-worker' | 'lag' | 'unattended' | 'paused' | 'away' | 'failing' | 'disabled' | 'deferred' | 'limited';
  /** `null` where it is about all of them. */
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

/** @param count of what is due, as it is told */
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
