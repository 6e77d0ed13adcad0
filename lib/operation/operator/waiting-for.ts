import { isOfProcess } from '../../domain/id.js';
import { iso, isoOrNull } from '../../domain/iso.js';
import { dueAtOf, PARKED_MS } from '../../domain/parking.js';
import type { Pauses } from '../../domain/pauses.js';
import type { LoggedDelivery } from '../../persistence/logged-deliveries.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import type { WebhookWorkerRow } from '../../persistence/webhook-worker.entity.js';
import { waiting, type Sentence, type SentenceParams, type WAITING } from './sentences.js';
import { isAlive } from './views/worker.view.js';

/** What a pending delivery waits for: one sentence in English, with the code and the values of it. */
export interface OperatorWaitingView extends Sentence<keyof typeof WAITING> {
  /** When the wait ends, if that is known. */
  until: string | null;
}

/** The facts about a delivery. Times in epoch ms. */
export interface WaitingFacts {
  readonly now: number;
  readonly delivery: Pick<
    LoggedDelivery,
    'tenant' | 'endpointId' | 'status' | 'leaseToken' | 'nextAttemptAt' | 'attemptCount' | 'test'
  >;
  readonly pauses: Pauses;
  /** `null`: it was deleted. */
  readonly endpoint: Pick<
    WebhookEndpoint,
    'active' | 'disabledReason' | 'deferredUntil' | 'failingSince' | 'rateLimit' | 'nextSlotAt'
  > | null;
  readonly workers: readonly WebhookWorkerRow[];
  /** Number of due deliveries to its endpoint, up to `mostCounted`. */
  readonly dueOfEndpoint: number;
  readonly mostCounted: number;
}

/** Why a delivery is still pending; `null` once it is final. */
export function waitingFor(facts: WaitingFacts): OperatorWaitingView | null {
  const { delivery, now } = facts;
  const at = dueAtOf(delivery.nextAttemptAt);
  if (delivery.status !== 'pending' || at === null) return null;
  if (delivery.leaseToken !== null && at > now) return underLease(facts, delivery.leaseToken, at);
  return paused(facts, at) ?? ofEndpoint(facts) ?? (at <= now ? due(facts, at) : later(facts, at));
}

const view = (
  code: OperatorWaitingView['code'],
  params: SentenceParams,
  until: number | null = null,
): OperatorWaitingView => ({ ...waiting(code, params), until: isoOrNull(until) });

function paused({ delivery, pauses }: WaitingFacts, at: number): OperatorWaitingView | undefined {
  const dueAt = iso(at);
  if (pauses.covers(delivery)) return view(pauses.coversAll ? 'paused-all' : 'paused', { dueAt });
  return (delivery.nextAttemptAt ?? 0) < PARKED_MS ? undefined : view('resuming', { dueAt });
}

function underLease({ workers, now }: WaitingFacts, token: string, endsAt: number): OperatorWaitingView {
  const holders = workers.filter(({ id }) => isOfProcess(token, id));
  const holder = holders.find(({ seenAt }) => isAlive(seenAt, now)) ?? holders[0];
  const leaseEndsAt = iso(endsAt);
  if (holder && isAlive(holder.seenAt, now)) return view('sending', { worker: holder.name, leaseEndsAt });
  return view('lease-end', { ...named(holder), leaseEndsAt }, endsAt);
}

const named = (worker: WebhookWorkerRow | undefined): SentenceParams => ({
  worker: worker?.name ?? null,
  seenAt: isoOrNull(worker?.seenAt ?? null),
});

/** The reasons that hold back every delivery to an endpoint, except tests. */
function ofEndpoint({ endpoint, delivery, now }: WaitingFacts): OperatorWaitingView | undefined {
  if (!endpoint) return view('endpoint-deleted', {});
  if (delivery.test) return undefined;
  const { active, disabledReason, deferredUntil } = endpoint;
  if (!active) return view('endpoint-off', { disabledReason });
  if (deferredUntil === null || deferredUntil <= now) return undefined;
  return view('endpoint-deferred', { deferredUntil: iso(deferredUntil) }, deferredUntil);
}

function later({ delivery, endpoint, now }: WaitingFacts, at: number): OperatorWaitingView {
  const attempt = delivery.attemptCount + 1;
  if (attempt > 1) return view('retry', { attempt, nextAttemptAt: iso(at) }, at);
  if (endpoint && isLimited(endpoint, now)) return limited(endpoint, at);
  return view('planned', { nextAttemptAt: iso(at) }, at);
}

function due(facts: WaitingFacts, at: number): OperatorWaitingView {
  const { workers, now, endpoint, dueOfEndpoint: count, mostCounted } = facts;
  const dueAt = iso(at);
  if (!workers.some(({ seenAt }) => isAlive(seenAt, now)))
    return view('no-worker', { dueAt, ...named(workers[0]) });
  if (endpoint && isLimited(endpoint, now)) return limited(endpoint, endpoint.nextSlotAt);
  if (endpoint && endpoint.failingSince !== null)
    return view('endpoint-failing', { dueAt, failingSince: iso(endpoint.failingSince) });
  return count > 1 ? view('place', { dueAt, count, isMore: count >= mostCounted }) : view('claim', { dueAt });
}

const isLimited = ({ rateLimit, nextSlotAt }: NonNullable<WaitingFacts['endpoint']>, now: number): boolean =>
  rateLimit !== null && nextSlotAt > now;

const limited = ({ rateLimit }: NonNullable<WaitingFacts['endpoint']>, at: number): OperatorWaitingView =>
  view('endpoint-limited', { rateLimit, nextSlotAt: iso(at) }, at);
