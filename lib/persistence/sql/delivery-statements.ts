import type { AttemptOutcome } from '../../domain/outcome.js';
import type { WebhookDeliveryStatus } from '../webhook-delivery.entity.js';
import type { SqlResult, SqlStatement, SqlStep } from './sql-executor.js';

/** A hold on rows: whoever knows the token may record an outcome, until the relay gives the row to another. */
export interface Lease {
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Up to `limit` deliveries that are due at `now`: the longest due, or the ones that have become due last. */
export interface Claim {
  readonly now: number;
  readonly limit: number;
  readonly newestFirst: boolean;
}

/** Up to `limit` deliveries of one endpoint that are due at `now` come due again within `spanMs` from `from`. */
export interface Postponement {
  readonly endpointId: string;
  readonly now: number;
  readonly from: number;
  readonly spanMs: number;
  readonly limit: number;
}

/** Deliveries that are held under one lease: what a queue entry carries. */
export interface LeasedBatch {
  readonly token: string;
  readonly deliveryIds: readonly string[];
}

export interface NewEvent {
  readonly id: string;
  readonly tenant: string;
  readonly type: string;
  readonly body: string;
  readonly idempotencyKey: string | null;
  readonly createdAt: number;
}

/** What a fan-out has stored. */
export interface FanOut {
  /** The endpoints of each event's deliveries, in their order. Events that an idempotency key kept out are missing. */
  readonly endpointIds: ReadonlyMap<string, readonly string[]>;
  /** Some of these endpoints as the fan-out has seen them, if it was asked for them. */
  readonly endpoints: ReadonlyMap<string, LoadedEndpoint>;
}

/** A delivery with all that sending it takes. `endpoint` is `null` when it has been deleted. */
export interface LoadedDelivery {
  readonly id: string;
  readonly token: string;
  readonly leaseExpiresAt: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly tenant: string;
  readonly body: string;
  readonly attemptCount: number;
  readonly scheduleAttempts: number;
  readonly firstAttemptAt: number | null;
  readonly single: boolean;
  readonly test: boolean;
  /** Of the last attempt. */
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly endpointId: string;
  /** As it was last seen. */
  endpoint: LoadedEndpoint | null;
  /** In the milliseconds of `performance.now()`. */
  endpointSeenAt: number;
}

export interface LoadedEndpoint {
  readonly url: string;
  /** As they are stored: anything that JSON can be. */
  readonly headers: unknown;
  readonly secrets: string;
  readonly active: boolean;
  readonly rateLimit: number | null;
  readonly failingSince: number | null;
}

export interface NewAttempt {
  readonly id: string;
  readonly number: number;
  readonly outcome: AttemptOutcome;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly requestHeaders: string;
  readonly responseHeaders: string | null;
  readonly responseBody: string | null;
}

/** The new state of a delivery that gives its lease back, with the attempt that led to it, if one was made. */
export interface DeliveryRecord {
  readonly deliveryId: string;
  readonly token: string;
  readonly endpointId: string;
  readonly tenant: string;
  /** Attempts of tests are not counted. */
  readonly test: boolean;
  readonly status: WebhookDeliveryStatus;
  readonly attemptCount: number;
  readonly scheduleAttempts: number;
  readonly firstAttemptAt: number | null;
  readonly nextAttemptAt: number | null;
  readonly single: boolean;
  readonly statusCode: number | null;
  readonly errorCode: string | null;
  readonly completedAt: number | null;
  readonly attempt: NewAttempt | null;
}

/** How much of a record is written: all, all but the statistics, or the delivery's state alone. */
export type RecordParts = 'all' | 'uncounted' | 'state';

/**
 * The statements of the path from emit to attempt, one implementation per database. They are written by hand,
 * for many rows at once: the query builder costs several times as much at every step.
 */
export interface DeliveryStatements {
  /**
   * Stores events and a delivery for each endpoint that wants them, held under `lease` where there is one.
   * @param withEndpoints whether the fan-out should give the endpoints' state, where that saves the database a look at them
   */
  storeEvents(events: readonly NewEvent[], lease: Lease | null, withEndpoints: boolean): SqlStep[];
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
  /** Leases what a claim asks for. Rows: `id`. */
  claimDue(claim: Claim, lease: Lease): SqlStep[];
  /** Ends the lease of those that are still held under it, so that they are due at `now`. */
  release(batch: LeasedBatch, now: number): SqlStep[];
  /** How many deliveries are due at `now`. Rows: `due`. */
  countDue(now: number): SqlStatement;
  /** Spreads them evenly, by chance; the last step has affected them. */
  postpone(postponement: Postponement): SqlStep[];
  /** Rows of the given deliveries, see `loadedDelivery`. The caller compares the pairs of token and id. */
  load(batches: readonly LeasedBatch[]): SqlStep[];
  /** Endpoints by their ids, see `loadedEndpoint`; those that are not there any more are missing. */
  loadEndpoints(ids: readonly string[]): SqlStatement;
  /** Writes the records whose lease still holds, and no other, and counts their attempts. */
  record(records: readonly DeliveryRecord[], parts: RecordParts): SqlStep[];
  /** The ids that `record` has written. */
  recordedIds(results: readonly SqlResult[]): string[];
}
