import { dropPromise } from './drop-promise.js';
import { parseDuration, type WebhookDuration } from './duration.js';
import { quoted, thrownText } from './shown-text.js';
import { InvalidWebhooksOptionError } from './webhooks.error.js';

/** Offsets from the first attempt. */
const PRESETS = {
  /** From the guide that most receivers were written for. */
  'customers-guide': ['5m', '15m', '30m', '1h', '2h'],
  /** The example of the Standard Webhooks specification, section "Deliverability and reliability": ten attempts in three days. */
  'standard-webhooks': ['5s', '305s', '2105s', '9305s', '27305s', '63305s', '113705s', '185705s', '272105s'],
} as const satisfies Readonly<Record<string, readonly WebhookDuration[]>>;

export const DEFAULT_RETRY_SCHEDULE: readonly WebhookDuration[] = PRESETS['customers-guide'];

/**
 * When retries happen. The name of a schedule; offsets from the first attempt, in rising order; or a function. The
 * function gets the number of attempts made so far, and returns the next offset, or `null` for no further attempt. If
 * it throws or returns anything else, the default schedule is used.
 */
export type RetryScheduleOption =
  keyof typeof PRESETS | readonly WebhookDuration[] | ((attemptsMade: number) => WebhookDuration | null);

type ScheduleFunction = Extract<RetryScheduleOption, Function>;

export interface RetrySchedule {
  /** The offset in ms of the next attempt after `attemptsMade`; `null` if there is none. */
  offsetAfter(attemptsMade: number): number | null;
  /** How far `Retry-After` can postpone an attempt, in ms after the first one. */
  readonly longestMs: number;
  /**
   * All offsets in ms. For a function: the first 1000 at most that it returned at startup. It may return others later.
   */
  readonly offsetsMs: readonly number[];
  /** How late an attempt may be, as a share of the gap before it: 0 to 1. Default: 0. */
  readonly jitter?: number;
}

const MAX_ATTEMPTS_PROBED = 1_000;
/** A hundred years: the time of an attempt must be a valid date. */
const LONGEST_OFFSET_MS = 36_500 * 86_400_000;

/** The pause that replaces an offset that breaks the rule at run time. */
const LEAST_GAP_MS = 60_000;

/**
 * @param tell gets a sentence about each wrong result of the function after the start
 * @throws InvalidWebhooksOptionError that names the offset that is no duration, or not after the one before
 */
export function retrySchedule(
  option: RetryScheduleOption,
  tell: (problem: string) => void = () => undefined,
): RetrySchedule {
  if (typeof option === 'function') return fromFunction(option, tell);
  if (Array.isArray(option)) return fromOffsets(option as readonly WebhookDuration[]);
  if (isPreset(option)) return fromOffsets(PRESETS[option]);
  throw new InvalidWebhooksOptionError(
    'retry.schedule',
    `must be a list of offsets such as ['5m', '15m'], one of ${Object.keys(PRESETS).map(quoted).join(' and ')}, or a function, got ${JSON.stringify(option)}.`,
  );
}

const isPreset = (option: unknown): option is keyof typeof PRESETS =>
  typeof option === 'string' && Object.hasOwn(PRESETS, option);

/**
 * When the next attempt is due; `null` when the schedule has ended. After a late attempt (the app was down, say) the
 * next ones do not follow in a burst: at least half of the planned gap stays.
 * @param chance 0 to 1: the share of the jitter that is used
 */
export function nextAttemptAt(
  schedule: RetrySchedule,
  attemptsMade: number,
  firstAttemptAt: number,
  now: number,
  retryAfterMs: number | null,
  chance: number = Math.random(),
): number | null {
  const offset = schedule.offsetAfter(attemptsMade);
  if (offset === null) return null;
  const previous = attemptsMade > 1 ? (schedule.offsetAfter(attemptsMade - 1) ?? 0) : 0;
  const gap = offset > previous ? Math.floor((offset - previous) / 2) : LEAST_GAP_MS;
  // Deliveries that failed together should not be retried together.
  const later = Math.floor(Math.max(0, offset - previous) * (schedule.jitter ?? 0) * chance);
  const planned = Math.max(firstAttemptAt + offset, now + gap) + later;
  if (retryAfterMs === null) return planned;
  return Math.max(planned, Math.min(now + retryAfterMs, firstAttemptAt + schedule.longestMs));
}

function fromOffsets(offsets: readonly WebhookDuration[]): RetrySchedule {
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

function fromFunction(option: ScheduleFunction, tell: (problem: string) => void): RetrySchedule {
  const byDefault = fromOffsets(DEFAULT_RETRY_SCHEDULE);
  const offsetAfter = (attemptsMade: number): number | null => {
    const { offset, got } = asked(option, attemptsMade);
    if (offset !== undefined) return offset;
    tell(
      `retry.schedule must give a duration or null, got ${got} after ${attemptsMade} attempts. The default schedule decides.`,
    );
    return byDefault.offsetAfter(attemptsMade);
  };
  const offsetsMs: number[] = [];
  for (let made = 1; made <= MAX_ATTEMPTS_PROBED; made++) {
    const { offset, got } = asked(option, made);
    if (offset === null) break;
    if (offset === undefined || offset <= (offsetsMs.at(-1) ?? 0)) {
      throw new InvalidWebhooksOptionError(
        'retry.schedule',
        `must give rising durations and end with null, got ${got} after ${made} attempts. Offsets count from the first attempt.`,
      );
    }
    offsetsMs.push(offset);
  }
  return { offsetAfter, longestMs: offsetsMs.at(-1) ?? 0, offsetsMs };
}

/** The offset that the app's function returned, `undefined` if it is none; and the result in words. */
function asked(
  option: ScheduleFunction,
  attemptsMade: number,
): { readonly offset: number | null | undefined; readonly got: string } {
  let value: unknown;
  try {
    value = option(attemptsMade);
  } catch (error) {
    return { offset: undefined, got: `an error (${thrownText(error)})` };
  }
  if (value === null) return { offset: null, got: 'null' };
  if (dropPromise(value)) return { offset: undefined, got: 'a promise' };
  const ms = parseDuration(value);
  const isOffset = ms !== undefined && ms > 0 && ms <= LONGEST_OFFSET_MS;
  return {
    offset: isOffset ? ms : undefined,
    got: typeof value === 'string' ? JSON.stringify(value) : String(value),
  };
}
