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
   * Stores events, and a delivery for each endpoint that subscribes to them and whose filter matches: some under
   * `own.lease`, the others due at once. A database that can't ask for filters in between stores only events that
   * `filters` have judged, and returns the others to be judged.
   */
  storeEvents(events: readonly NewEvent[], own: OwnShare | null, filters: SeenFilters): SqlStep[];
  /** If `filters` says that no filters are used, `storeEvents` stores nothing as soon as somebody has one. */
  readonly storesNoneWhereFiltered?: true;
  /**
   * The keys of these events that are taken, also by open transactions. Only for databases on which `storeEvents` would
   * block others while it waits for a key. Rows: `tenant`, `idempotency_key`.
   */
  findKnownKeys?(events: readonly NewEvent[]): SqlStatement;
  fannedOut(results: readonly SqlResult[]): FanOut;
  /** The event of an idempotency key, even if it was committed a moment ago. */
  findByKey(event: NewEvent): SqlStatement;
  /** The same among the events that the transaction sees, without a lock. Only if `findByKey` locks more than a row. */
  findSeenByKey?(event: NewEvent): SqlStatement;
  /** Leases the deliveries that have been due for the longest. The rows of the last step: see `loadedDelivery`. */
  claimOldest(claim: Claim, lease: Lease): SqlStep[];
  /** Leases the oldest due deliveries of each of these endpoints. The rows of the last step: see `loadedDelivery`. */
  claimShares(shares: readonly EndpointShare[], now: number, lease: Lease): SqlStep[];
  /**
   * The endpoints with pending deliveries, by tenant and id, with the time when the first of them is due. Each endpoint
   * costs two index look-ups, however many deliveries it has. The rows of the last step: `tenant`, `endpoint_id`,
   * `due_at`.
   */
  walkEndpoints(walk: Walk): SqlStep[];
  /** How many deliveries are due at `now`. Rows: `due`. */
  countDue(now: number): SqlStatement;
  /** The deliveries that are still held: rows as for `loadedDelivery`. */
  loadHeld(held: readonly HeldEvent[]): SqlStatement;
  /** Endpoints by their ids: rows as for `loadedEndpoint`. Deleted ones are missing. */
  loadEndpoints(ids: readonly string[]): SqlStatement;
  /** Writes the records whose lease still holds, and counts their attempts. */
  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[];
  /** Writes these bodies if the lease still holds. */
  freeze(bodies: readonly BodyToFreeze[]): SqlStep[];
  /** The ids of the rows that `record` or `freeze` has written. */
  recordedIds(results: readonly SqlResult[]): string[];
}
