import type { DeliveryRecord, Lease, LoadedEndpoint, NewEvent } from '../../domain/delivery.js';
import type { SqlResult, SqlStatement, SqlStep } from './sql-executor.js';

/** What the process that stores events keeps of their deliveries, to send them itself. */
export interface OwnShare {
  readonly lease: Lease;
  /** Deliveries of one call. */
  readonly most: number;
  /** Endpoints that it has no room for. */
  readonly except: readonly string[];
}

/** What a fan-out has stored of an event. */
export interface FannedOutEvent {
  /** Those under the lease of the caller's own share. */
  readonly own: readonly { readonly id: string; readonly endpointId: string }[];
  /** Whether there are others: they are due at once, for whoever claims them. */
  readonly hasMore: boolean;
}

export interface FanOut {
  /** By the event's id. Events that an idempotency key kept out are missing. */
  readonly events: ReadonlyMap<string, FannedOutEvent>;
  /** Some of the own deliveries' endpoints as the fan-out has seen them, where it saves the database a look at them. */
  readonly endpoints: ReadonlyMap<string, LoadedEndpoint>;
}

/** The up to `limit` deliveries that have been due for the longest at `now`. */
export interface Claim {
  readonly now: number;
  readonly limit: number;
}

/** Up to `limit` of an endpoint's deliveries that are due. */
export interface EndpointShare {
  readonly tenant: string;
  readonly endpointId: string;
  readonly limit: number;
}

/** Where a walk over the endpoints with pending deliveries begins, and how far it goes. */
export interface Walk {
  /** The first tenant. `''` is the first of all. */
  readonly fromTenant: string;
  readonly tenants: number;
  /** The first endpoint of some tenants; that of the others is the first of all. */
  readonly fromEndpoints: ReadonlyMap<string, string>;
  /** Of each tenant. */
  readonly endpoints: number;
}

/** Deliveries of one event that are held under one lease. */
export interface HeldEvent {
  readonly token: string;
  readonly eventId: string;
}

/** How much of a record is written: all, all but the statistics, or the delivery's state alone. */
export type RecordParts = 'all' | 'uncounted' | 'state';

/**
 * The statements of the path from emit to attempt, one implementation per database. They are written by hand,
 * for many rows at once: the query builder costs several times as much at every step.
 */
export interface DeliveryStatements {
  /** Stores events and a delivery for each endpoint that wants them: some under `own.lease`, the others due at once. */
  storeEvents(events: readonly NewEvent[], own: OwnShare | null): SqlStep[];
  /**
   * The keys of these that are taken, also by transactions that are still open: only where `storeEvents` would hold up others
   * while it waits for one. Rows: `tenant`, `idempotency_key`.
   */
  findKnownKeys?(events: readonly NewEvent[]): SqlStatement;
  fannedOut(results: readonly SqlResult[]): FanOut;
  /** The event that an idempotency key belongs to, although it may have been committed a moment ago. */
  findByKey(event: NewEvent): SqlStatement;
  /** The same, of those that the transaction sees, without a lock: only where `findByKey` locks more than a row in it. */
  findSeenByKey?(event: NewEvent): SqlStatement;
  /** Leases what has been due for the longest. The last step's rows: see `loadedDelivery`. */
  claimOldest(claim: Claim, lease: Lease): SqlStep[];
  /** Leases the oldest due deliveries of each of these endpoints. The last step's rows: see `loadedDelivery`. */
  claimShares(shares: readonly EndpointShare[], now: number, lease: Lease): SqlStep[];
  /**
   * The endpoints with pending deliveries, by tenant and id, with the time at which the first of them is due. Each costs two looks
   * into an index, however many deliveries it has. The last step's rows: `tenant`, `endpoint_id`, `due_at`.
   */
  walkEndpoints(walk: Walk): SqlStep[];
  /** How many deliveries are due at `now`. Rows: `due`. */
  countDue(now: number): SqlStatement;
  /** Rows of deliveries that are still held, see `loadedDelivery`. */
  loadHeld(held: readonly HeldEvent[]): SqlStatement;
  /** Endpoints by their ids, see `loadedEndpoint`; those that are not there any more are missing. */
  loadEndpoints(ids: readonly string[]): SqlStatement;
  /** Writes the records whose lease still holds, and no other, and counts their attempts. */
  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[];
  /** The ids that `record` has written. */
  recordedIds(results: readonly SqlResult[]): string[];
}
