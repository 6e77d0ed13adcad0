import { deliveryPlaceOf, deliveryStemOf } from '../domain/id.js';
import type {
  Lease,
  LeasedBatch,
  LoadedDelivery,
  LoadedEndpoint,
  NewEvent,
} from './sql/delivery-statements.js';

const MAX_EVENTS = 2_000;
const MAX_CHARACTERS = 8_000_000;
/** An endpoint's state is of no use once it is older: it is looked at again. */
const SEEN_FOR_MS = 100;

interface FreshEvent {
  readonly event: NewEvent;
  readonly lease: Lease;
  /** In the order of the deliveries; `undefined` once taken. */
  readonly endpointIds: (string | undefined)[];
  seen: SeenEndpoints | undefined;
}

/** Endpoints as they were at a time, by their ids. */
export interface SeenEndpoints {
  readonly endpoints: ReadonlyMap<string, LoadedEndpoint>;
  /** In the milliseconds of `performance.now()`. */
  readonly at: number;
}

/**
 * The deliveries that this process has just stored: it knows them, and need not load them. Each is
 * given out once, under the lease that it was stored with; what is forgotten here is loaded like any other.
 */
export class FreshDeliveries {
  private readonly events = new Map<string, FreshEvent>();
  /** Those whose endpoints' state may still be of use, the oldest first. */
  private readonly recent: FreshEvent[] = [];
  private characters = 0;

  add(event: NewEvent, lease: Lease, endpointIds: readonly string[], seen: SeenEndpoints): void {
    if (endpointIds.length === 0) return;
    const fresh: FreshEvent = { event, lease, endpointIds: [...endpointIds], seen };
    this.events.set(deliveryStemOf(event.id), fresh);
    if (seen.endpoints.size > 0) this.recent.push(fresh);
    this.forgetEndpoints();
    this.characters += event.body.length;
    for (const [stem, oldest] of this.events) {
      if (this.events.size <= MAX_EVENTS && this.characters <= MAX_CHARACTERS) break;
      this.forget(stem, oldest);
    }
  }

  /** Takes those of the batch that are here, some without their endpoint; gives the ids of the rest, too. */
  take({ token, deliveryIds }: LeasedBatch): { fresh: LoadedDelivery[]; others: string[] } {
    this.forgetEndpoints();
    const fresh: LoadedDelivery[] = [];
    const others: string[] = [];
    for (const id of deliveryIds) {
      const delivery = this.takeOne(id, token);
      if (delivery) fresh.push(delivery);
      else others.push(id);
    }
    return { fresh, others };
  }

  /** What is sent by others, or late, must not hold them. */
  private forgetEndpoints(): void {
    const since = performance.now() - SEEN_FOR_MS;
    while (this.recent[0]?.seen && this.recent[0].seen.at < since) this.recent.shift()!.seen = undefined;
  }

  private takeOne(id: string, token: string): LoadedDelivery | undefined {
    const { stem, place } = deliveryPlaceOf(id);
    const known = this.events.get(stem);
    const endpointId = known?.endpointIds[place];
    if (!known || endpointId === undefined || known.lease.token !== token) return undefined;
    known.endpointIds[place] = undefined;
    if (place === known.endpointIds.length - 1) this.forget(stem, known);
    return neverAttempted(id, endpointId, known);
  }

  private forget(stem: string, { event }: FreshEvent): void {
    if (this.events.delete(stem)) this.characters -= event.body.length;
  }
}

function neverAttempted(id: string, endpointId: string, { event, lease, seen }: FreshEvent): LoadedDelivery {
  return {
    id,
    token: lease.token,
    leaseExpiresAt: lease.expiresAt,
    eventId: event.id,
    eventType: event.type,
    tenant: event.tenant,
    body: event.body,
    attemptCount: 0,
    scheduleAttempts: 0,
    firstAttemptAt: null,
    single: false,
    test: false,
    statusCode: null,
    errorCode: null,
    endpointId,
    endpoint: seen?.endpoints.get(endpointId) ?? null,
    endpointSeenAt: seen?.at ?? 0,
  };
}
