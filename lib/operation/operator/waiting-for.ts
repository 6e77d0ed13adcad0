import { isOfProcess } from '../../domain/id.js';
import { iso } from '../../domain/iso.js';
import { dueAtOf, PARKED_MS } from '../../domain/parking.js';
import type { Pauses } from '../../domain/pauses.js';
import type { LoggedDelivery } from '../../persistence/logged-deliveries.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import type { WebhookWorkerRow } from '../../persistence/webhook-worker.entity.js';
import { isAlive } from './views/worker.view.js';

/** What a pending delivery waits for. */
export interface OperatorWaitingView {
  code:
    | 'paused'
    | 'sending'
    | 'lease-end'
    | 'no-worker'
    | 'retry'
    | 'planned'
    | 'endpoint-deferred'
    | 'endpoint-limited'
    | 'endpoint-off'
    | 'endpoint-deleted'
    | 'endpoint-failing'
    | 'place'
    | 'claim';
  /** One sentence in English. */
  text: string;
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

function paused({ delivery, pauses }: WaitingFacts, dueAt: number): OperatorWaitingView | undefined {
  const what = `It is due at ${iso(dueAt)}`;
  if (pauses.covers(delivery)) {
    const paused = pauses.coversAll ? 'everything is' : 'its tenant or its endpoint is';
    return { code: 'paused', text: `${what}, and waits since ${paused} paused: end the pause.`, until: null };
  }
  if ((delivery.nextAttemptAt ?? 0) < PARKED_MS) return undefined;
  return { code: 'paused', text: `${what}, and is coming back from a pause that has ended.`, until: null };
}

function underLease({ workers, now }: WaitingFacts, token: string, endsAt: number): OperatorWaitingView {
  const holders = workers.filter(({ id }) => isOfProcess(token, id));
  const holder = holders.find(({ seenAt }) => isAlive(seenAt, now)) ?? holders[0];
  if (holder && isAlive(holder.seenAt, now)) {
    return {
      code: 'sending',
      text: `Worker ${holder.name} holds it: its request is under way, or begins when the endpoint has room for it. The lease ends at ${iso(endsAt)}.`,
      until: null,
    };
  }
  const who = holder
    ? `Worker ${holder.name}, last heard of at ${iso(holder.seenAt)}, held it`
    : 'A process that is none of the workers heard of holds it';
  return {
    code: 'lease-end',
    text: `${who}: another worker takes it when the lease ends at ${iso(endsAt)}.`,
    until: iso(endsAt),
  };
}

/** The reasons that hold back every delivery to an endpoint, except tests. */
function ofEndpoint({ endpoint, delivery, now }: WaitingFacts): OperatorWaitingView | undefined {
  if (!endpoint) {
    return {
      code: 'endpoint-deleted',
      text: 'Its endpoint was deleted: it is canceled when its turn comes.',
      until: null,
    };
  }
  if (delivery.test) return undefined;
  if (!endpoint.active) {
    const why = endpoint.disabledReason === null ? 'off' : `disabled (${endpoint.disabledReason})`;
    return {
      code: 'endpoint-off',
      text: `Its endpoint is ${why}: it is canceled when its turn comes.`,
      until: null,
    };
  }
  const { deferredUntil } = endpoint;
  if (deferredUntil === null || deferredUntil <= now) return undefined;
  return {
    code: 'endpoint-deferred',
    text: `Its endpoint has asked for a pause with Retry-After: nothing is sent to it before ${iso(deferredUntil)}.`,
    until: iso(deferredUntil),
  };
}

function later({ delivery, endpoint, now }: WaitingFacts, at: number): OperatorWaitingView {
  const number = delivery.attemptCount + 1;
  if (delivery.attemptCount > 0)
    return { code: 'retry', text: `Waits for its retry, attempt ${number}, at ${iso(at)}.`, until: iso(at) };
  if (endpoint && isLimited(endpoint, now)) return limited(endpoint, at);
  return {
    code: 'planned',
    text: `Its first attempt is planned for ${iso(at)}, such as by a recovery that is spread over time.`,
    until: iso(at),
  };
}

function due(facts: WaitingFacts, at: number): OperatorWaitingView {
  const { workers, now, endpoint, dueOfEndpoint, mostCounted } = facts;
  const since = `It is due since ${iso(at)}`;
  if (!workers.some(({ seenAt }) => isAlive(seenAt, now))) {
    const [last] = workers;
    const lastSeen = last ? ` The last was ${last.name}, at ${iso(last.seenAt)}.` : '';
    return {
      code: 'no-worker',
      text: `${since}, and no worker is alive: start one.${lastSeen}`,
      until: null,
    };
  }
  if (endpoint && isLimited(endpoint, now)) return limited(endpoint, endpoint.nextSlotAt);
  if (endpoint && endpoint.failingSince !== null) {
    return {
      code: 'endpoint-failing',
      text: `${since}. Its endpoint has failed every attempt since ${iso(endpoint.failingSince)}: workers send it little, or probe it alone while nobody answers.`,
      until: null,
    };
  }
  const many = `${dueOfEndpoint >= mostCounted ? `${mostCounted} or more` : dueOfEndpoint}`;
  return dueOfEndpoint > 1
    ? {
        code: 'place',
        text: `${since}, one of ${many} for its endpoint, and waits for a free place.`,
        until: null,
      }
    : { code: 'claim', text: `${since}: the next worker with a free place takes it.`, until: null };
}

const isLimited = ({ rateLimit, nextSlotAt }: NonNullable<WaitingFacts['endpoint']>, now: number): boolean =>
  rateLimit !== null && nextSlotAt > now;

const limited = ({ rateLimit }: NonNullable<WaitingFacts['endpoint']>, at: number): OperatorWaitingView => ({
  code: 'endpoint-limited',
  text: `The rate limit of its endpoint, ${rateLimit} a second, is used up: the next request may leave at ${iso(at)}.`,
  until: iso(at),
});
