import { parseDuration, type Duration } from './duration.js';
import { InvalidWebhooksOptionError } from './webhooks.error.js';

/** Offsets from the first attempt. */
export const DEFAULT_RETRY_SCHEDULE: readonly Duration[] = ['5m', '15m', '30m', '1h', '2h'];

/**
 * When the attempts after the first one happen: offsets from the first attempt, in rising order; or a function
 * of the number of attempts made so far that gives the next offset, or `null` for no further attempt.
 */
export type RetryScheduleOption = readonly Duration[] | ((attemptsMade: number) => Duration | null);

export interface RetrySchedule {
  /** The offset in ms of the attempt after `attemptsMade` ones, or `null` when there is none. */
  offsetAfter(attemptsMade: number): number | null;
  /** How far `Retry-After` can postpone an attempt, in ms after the first one. */
  readonly longestMs: number;
  /**
   * All offsets in ms. Of a function: those that it gave at startup, which may give others later, and at most the
   * first 1000.
   */
  readonly offsetsMs: readonly number[];
}

const MAX_ATTEMPTS_PROBED = 1_000;

/** @throws InvalidWebhooksOptionError that names the offset which is no duration, or not after the one before. */
export function retrySchedule(option: RetryScheduleOption): RetrySchedule {
  if (typeof option === 'function') return fromFunction(option);
  if (Array.isArray(option)) return fromOffsets(option as readonly Duration[]);
  throw new InvalidWebhooksOptionError(
    'retry.schedule',
    `must be a list of offsets such as ['5m', '15m'] or a function, got ${JSON.stringify(option)}.`,
  );
}

/**
 * When the next attempt is due, or `null` when the schedule has ended. An attempt that was late (the app was
 * down, say) does not make the ones after it follow in a burst: at least half of the planned gap stays.
 */
export function nextAttemptAt(
  schedule: RetrySchedule,
  attemptsMade: number,
  firstAttemptAt: number,
  now: number,
  retryAfterMs: number | null,
): number | null {
  const offset = schedule.offsetAfter(attemptsMade);
  if (offset === null) return null;
  const previous = attemptsMade > 1 ? (schedule.offsetAfter(attemptsMade - 1) ?? 0) : 0;
  const planned = Math.max(firstAttemptAt + offset, now + Math.floor((offset - previous) / 2));
  if (retryAfterMs === null) return planned;
  return Math.max(planned, Math.min(now + retryAfterMs, firstAttemptAt + schedule.longestMs));
}

function fromOffsets(offsets: readonly Duration[]): RetrySchedule {
  const ms: number[] = [];
  for (const [index, offset] of offsets.entries()) {
    const at = parseDuration(offset);
    if (at === undefined || at <= 0) {
      throw new InvalidWebhooksOptionError(
        `retry.schedule[${index}]`,
        `must be a duration above zero such as '5m', got ${JSON.stringify(offset)}.`,
      );
    }
    if (at <= (ms.at(-1) ?? 0)) {
      throw new InvalidWebhooksOptionError(
        `retry.schedule[${index}]`,
        `must be a duration after the previous one, got '${offset}' after '${offsets[index - 1]}'. Offsets count from the first attempt.`,
      );
    }
    ms.push(at);
  }
  return {
    offsetAfter: (attemptsMade) => ms[attemptsMade - 1] ?? null,
    longestMs: ms.at(-1) ?? 0,
    offsetsMs: ms,
  };
}

function fromFunction(option: (attemptsMade: number) => Duration | null): RetrySchedule {
  const offsetAfter = (attemptsMade: number): number | null => {
    const offset = option(attemptsMade);
    return offset === null ? null : (parseDuration(offset) ?? null);
  };
  const offsetsMs: number[] = [];
  for (let made = 1; made <= MAX_ATTEMPTS_PROBED; made++) {
    const value = option(made);
    if (value === null) break;
    const offset = parseDuration(value);
    if (offset === undefined || offset <= (offsetsMs.at(-1) ?? 0)) {
      throw new InvalidWebhooksOptionError(
        'retry.schedule',
        `must give rising durations and end with null, got ${JSON.stringify(value)} after ${made} attempts. Offsets count from the first attempt.`,
      );
    }
    offsetsMs.push(offset);
  }
  return { offsetAfter, longestMs: offsetsMs.at(-1) ?? 0, offsetsMs };
}
