import type { Claim, EndpointShare, Walk } from '../../domain/claim.js';
import type { BodyToFreeze, DeliveryRecord, NewEvent, RecordParts } from '../../domain/delivery.js';
import type { FanOut, OwnShare } from '../../domain/fan-out.js';
import type { HeldEvent, Lease } from '../../domain/lease.js';
import type { SeenFilters } from '../seen-filters.js';
import type { SqlResult, SqlStatement, SqlStep } from './sql-executor.js';

/**
 * The statements of the path from emit to attempt, one implementation per database. They are written by hand,
 * for many rows at once: the query builder costs several times as much at every step.
 */
export interface DeliveryStatements {
  /**
   * Stores events and a delivery for each endpoint that wants them and whose filter lets them through: some under `own.lease`, the others
   * due at once. Where it can't ask for `filters` in between, it stores only what they have judged already, and gives the others to judge.
   */
  storeEvents(events: readonly NewEvent[], own: OwnShare | null, filters: SeenFilters): SqlStep[];
  /** While `filters` says that none are used, `storeEvents` stores nothing where somebody has one. */
  readonly storesNoneWhereFiltered?: true;
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
  /** Writes these bodies where the lease still holds. */
  freeze(bodies: readonly BodyToFreeze[]): SqlStep[];
  /** The ids that `record` or `freeze` has written. */
  recordedIds(results: readonly SqlResult[]): string[];
}
