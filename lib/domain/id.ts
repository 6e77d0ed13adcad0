import { randomBytes } from 'node:crypto';

export type IdPrefix = 'ep' | 'evt' | 'dlv' | 'att' | 'pse' | 'job' | 'act';

/** A clock that is set back by less than this keeps the later time, so that ids don't run backwards. */
const MAX_STEP_BACK_MS = 60_000;

let lastMs = 0;
let sequence = 0;

/**
 * A prefixed UUIDv7 (RFC 9562, section 5.7) as 32 hex digits: `evt_0190a5…`. Ids of one process sort by
 * creation, also within a millisecond: `rand_a` is a counter (section 6.2, method 1).
 */
export function newId(prefix: IdPrefix, nowMs: number): string {
  if (nowMs > lastMs || nowMs < lastMs - MAX_STEP_BACK_MS) {
    lastMs = nowMs;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  return `${prefix}_${hex(lastMs, 12)}7${hex(sequence, 3)}${randomPart()}`;
}

const RANDOM_BYTES = 8;
/** Drawn for many ids at once: each draw costs as much as the rest of an id. */
let random = Buffer.alloc(0);
let randomUsed = 0;

function randomPart(): string {
  if (randomUsed === random.length) {
    random = randomBytes(512 * RANDOM_BYTES);
    randomUsed = 0;
  }
  // The variant of RFC 9562.
  random[randomUsed] = 0x80 | (random[randomUsed]! & 0x3f);
  return random.toString('hex', randomUsed, (randomUsed += RANDOM_BYTES));
}

/**
 * An id that the database makes many of: it replaces the time, and the last eight digits by a number. Nobody else has
 * the digits between them.
 */
export function idTemplateAt(prefix: IdPrefix, nowMs: number): string {
  const ownDigits = newId(prefix, nowMs).slice(prefix.length + 1 + ID_TIME_DIGITS, -ID_NUMBER.length);
  return `${prefix}_${ID_TIME}${ownDigits}${ID_NUMBER}`;
}

/** How many digits of an id tell its time: the first ones after the prefix. */
export const ID_TIME_DIGITS = 12;
/** What stands for the time in an id template. */
export const ID_TIME = '@';
/** What stands for the number in an id template. */
export const ID_NUMBER = '########';

/** When an id was made, in epoch ms. */
export const madeAt = (id: string): number =>
  parseInt(id.slice(id.indexOf('_') + 1, id.indexOf('_') + 1 + ID_TIME_DIGITS), 16);

/** The smallest id of that prefix made at `ms` or later: turns a bound on time into a bound on the key. */
export function firstIdAt(prefix: IdPrefix, ms: number): string {
  return `${prefix}_${hex(Math.max(0, Math.min(ms, 0xffffffffffff)), 12)}${'0'.repeat(20)}`;
}

/** Larger than every id that was made before `ms`, by a clock that had been set back, too: no row before it is missed. */
export const firstIdAfter = (prefix: IdPrefix, ms: number): string =>
  firstIdAt(prefix, ms + MAX_STEP_BACK_MS + 1);

/** An id for one module in one process. It contains no time, since a test's clock must not depend on it. */
export const newInstanceId = (): string => `wrk_${newLeaseToken()}`;

/** What the ids and the lease tokens of this process begin with. */
const PROCESS_MARK = randomBytes(4).toString('hex');

/** A token that no earlier lease had. It tells which process made it: see `isOfProcess`. */
export const newLeaseToken = (): string => PROCESS_MARK + randomBytes(12).toString('hex');

/** Whether a lease is of the process with that instance id. */
export const isOfProcess = (leaseToken: string, instanceId: string): boolean =>
  instanceId.startsWith(`wrk_${leaseToken.slice(0, PROCESS_MARK.length)}`);

const EVENT_PART = 26;
const RANK_PART = 6;

/** The id of an event's delivery number `rank`, from 1: the event's own with its last digits replaced, as each database makes it, too. */
export const deliveryIdOf = (eventId: string, rank: number): string =>
  `dlv_${eventId.slice(4, 4 + EVENT_PART)}${hex(rank, RANK_PART)}`;

export const DELIVERY_ID_PARTS = { eventPart: EVENT_PART, rankPart: RANK_PART } as const;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
