import { parseRetryAfter } from './retry-after.js';
import { nextAttemptAt, type RetrySchedule } from './retry-schedule.js';

/** What came back from one request: a status, or the reason why there is none. */
export interface AttemptResponse {
  readonly status: number | null;
  /** The header `Retry-After` as received. The recorded headers may lack it. */
  readonly retryAfter: string | null;
  readonly error: { readonly code: string } | null;
}

/** Where a delivery is in its schedule when an attempt ends. */
export interface AttemptContext {
  /** Attempts of the current schedule, this one included. */
  readonly attemptsMade: number;
  readonly firstAttemptAt: number;
  /** One attempt outside the schedule: a test, or the resend of a final delivery. */
  readonly single: boolean;
  /** Whether an attempt that we cut is repeated at once, as if it had not been made. */
  readonly mayResume: boolean;
  readonly now: number;
}

export const ATTEMPT_OUTCOMES = ['succeeded', 'retrying', 'failed'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

export interface OutcomeDecision {
  readonly outcome: AttemptOutcome;
  /** Set when the outcome is `retrying`. */
  readonly nextAttemptAt: number | null;
  /** 410 Gone: the receiver wants no more events. */
  readonly disableEndpoint: boolean;
  /** False for an attempt that we cut: it uses up none of the schedule, and says nothing about the endpoint. */
  readonly counts: boolean;
}

const GONE = 410;
/** The error code of a request that we cut before its answer was complete. */
export const INTERRUPTED = 'interrupted';
/** The error code of an attempt whose body could not be made: no request was sent. */
export const REPRESENTATION_FAILED = 'representation-failed';
/** The error code of an attempt that could not be signed: no request was sent. */
export const SIGNING_FAILED = 'signing-failed';
/** Errors of the app, before any request was made. */
const NOT_ASKED: ReadonlySet<string> = new Set([REPRESENTATION_FAILED, SIGNING_FAILED]);
const AWAY_ERRORS: ReadonlySet<string> = new Set([
  'timeout',
  'connection',
  'dns',
  'tls',
  'proxy',
  'authorization',
]);
/** Errors that say nothing about the endpoint. */
const NOT_ITS_OWN: ReadonlySet<string> = new Set([...NOT_ASKED, INTERRUPTED, 'refused-destination']);
/** Too Many Requests, Service Unavailable. */
const OVERLOADED: ReadonlySet<number> = new Set([429, 503]);
/** An endpoint that asks for a day is tried again after an hour. */
const LONGEST_DEFERRAL_MS = 3_600_000;
const FINAL_ERRORS: ReadonlySet<string> = new Set(['refused-destination']);

/**
 * Only a 2xx that arrived completely succeeds; a redirect is a failure. 410 and a refused destination are final. An
 * attempt that we cut is due again at once, unless the one before it was cut as well. Everything else follows the retry
 * schedule, postponed by `Retry-After`.
 */
export function decideOutcome(
  response: AttemptResponse,
  context: AttemptContext,
  schedule: RetrySchedule,
): OutcomeDecision {
  const { status, error } = response;
  if (!error && status !== null && status >= 200 && status < 300) {
    return { outcome: 'succeeded', nextAttemptAt: null, disableEndpoint: false, counts: true };
  }
  if (error?.code === INTERRUPTED && context.mayResume) {
    return { outcome: 'retrying', nextAttemptAt: context.now, disableEndpoint: false, counts: false };
  }
  const gone = !error && status === GONE;
  if (gone || context.single || (error && FINAL_ERRORS.has(error.code))) {
    return { outcome: 'failed', nextAttemptAt: null, disableEndpoint: gone, counts: true };
  }
  const retryAfterMs = parseRetryAfter(response.retryAfter, context.now);
  const next = nextAttemptAt(
    schedule,
    context.attemptsMade,
    context.firstAttemptAt,
    context.now,
    retryAfterMs,
  );
  const outcome = next === null ? 'failed' : 'retrying';
  return { outcome, nextAttemptAt: next, disableEndpoint: false, counts: true };
}

/** What an attempt says about its endpoint: whether it answers, and whether it can take more requests. */
export function verdictOf(response: AttemptResponse): 'accepted' | 'overloaded' | 'away' | 'ignored' {
  const { error, status } = response;
  if (error && AWAY_ERRORS.has(error.code)) return 'away';
  if (error && NOT_ITS_OWN.has(error.code)) return 'ignored';
  return status !== null && OVERLOADED.has(status) ? 'overloaded' : 'accepted';
}

/** False if the attempt failed on our side before the endpoint was asked: such an attempt must not disable it. */
export const tellsOfEndpoint = ({ error }: AttemptResponse): boolean =>
  error === null || (error.code !== 'proxy' && !NOT_ASKED.has(error.code));

/**
 * How long an endpoint wants no requests, in ms: 429 or 503 with `Retry-After`, at most an hour. `null` if it does not
 * say so.
 */
export function deferralMs({ status, error, retryAfter }: AttemptResponse, now: number): number | null {
  if (error || status === null || !OVERLOADED.has(status)) return null;
  const ms = parseRetryAfter(retryAfter, now);
  return ms === null || ms === 0 ? null : Math.min(ms, LONGEST_DEFERRAL_MS);
}
