import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RETRY_SCHEDULE,
  nextAttemptAt,
  retrySchedule,
  type RetryScheduleOption,
} from '../../lib/domain/retry-schedule.js';
import { InvalidWebhooksOptionError } from '../../lib/domain/webhooks.error.js';

const MINUTE = 60_000;
const START = 1_700_000_000_000;
const byDefault = retrySchedule(DEFAULT_RETRY_SCHEDULE);

const failureOf = (option: unknown): InvalidWebhooksOptionError => {
  try {
    retrySchedule(option as RetryScheduleOption);
  } catch (error) {
    if (error instanceof InvalidWebhooksOptionError) return error;
    throw error;
  }
  throw new Error('The schedule was accepted.');
};

describe('the default retry schedule', () => {
  it('makes six attempts: at once, and 5, 15, 30, 60 and 120 minutes after the first', () => {
    const offsets = [1, 2, 3, 4, 5, 6, 7].map((made) => byDefault.offsetAfter(made));
    expect(offsets).toEqual([5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE, null, null]);
    expect(byDefault.longestMs).toBe(120 * MINUTE);
    expect(byDefault.offsetsMs).toEqual([5, 15, 30, 60, 120].map((minutes) => minutes * MINUTE));
  });

  it('plans each attempt from the first one, however long the attempts themselves took', () => {
    const times: (number | null)[] = [];
    let now = START;
    for (let made = 1; made <= 6; made++) {
      const next = nextAttemptAt(byDefault, made, START, now + 15_000, null);
      times.push(next && (next - START) / MINUTE);
      now = next ?? now;
    }
    expect(times).toEqual([5, 15, 30, 60, 120, null]);
  });
});

describe('a retry schedule', () => {
  it('may be the one of the Standard Webhooks specification: ten attempts in a little over three days', () => {
    const { offsetsMs } = retrySchedule('standard-webhooks');
    const gapsInMinutes = offsetsMs.map((offset, index) => (offset - (offsetsMs[index - 1] ?? 0)) / MINUTE);
    expect(gapsInMinutes).toEqual([5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]);
    expect(retrySchedule('customers-guide').offsetsMs).toEqual(byDefault.offsetsMs);
  });

  it('makes attempts later by chance, by at most its jitter of the gap, and never sooner', () => {
    const schedule = { ...byDefault, jitter: 0.5 };
    const at = (chance: number): number =>
      (nextAttemptAt(schedule, 2, START, START, null, chance)! - START) / MINUTE;
    expect([at(0), at(0.5), at(1)]).toEqual([15, 17.5, 20]);
    expect(nextAttemptAt(byDefault, 2, START, START, null)).toBe(START + 15 * MINUTE);
  });

  it('may hold no offset at all: there is one attempt', () => {
    const none = retrySchedule([]);
    expect(none.offsetAfter(1)).toBeNull();
    expect(none.offsetsMs).toEqual([]);
    expect(nextAttemptAt(none, 1, START, START, 1_000)).toBeNull();
  });

  it.each([
    { schedule: ['5m', 'soon'], option: 'retry.schedule[1]', says: '"soon"' },
    { schedule: ['0s'], option: 'retry.schedule[0]', says: 'above zero' },
    { schedule: [-1], option: 'retry.schedule[0]', says: '-1' },
    { schedule: [null], option: 'retry.schedule[0]', says: 'null' },
    { schedule: ['15m', '10m'], option: 'retry.schedule[1]', says: "'10m' after '15m'" },
    { schedule: ['5m', '300s'], option: 'retry.schedule[1]', says: "'300s' after '5m'" },
    { schedule: '5m,15m', option: 'retry.schedule', says: '"5m,15m"' },
    { schedule: 'toString', option: 'retry.schedule', says: "'customers-guide' and 'standard-webhooks'" },
  ])('refuses the offsets $schedule', ({ schedule, option, says }) => {
    const error = failureOf(schedule);
    expect(error.option).toBe(option);
    expect(error.message).toContain(says);
  });

  it('may be a function of the attempts made, which ends it with null', () => {
    const schedule = retrySchedule((made) => (made <= 3 ? `${made * 10}m` : null));
    expect([1, 2, 3, 4].map((made) => schedule.offsetAfter(made))).toEqual([
      10 * MINUTE,
      20 * MINUTE,
      30 * MINUTE,
      null,
    ]);
    expect(schedule.longestMs).toBe(30 * MINUTE);
    expect(schedule.offsetsMs).toEqual([10 * MINUTE, 20 * MINUTE, 30 * MINUTE]);
  });

  it('that never ends tells its first 1000 offsets', () => {
    const endless = retrySchedule((made) => made * MINUTE);
    expect(endless.offsetsMs).toHaveLength(1_000);
    expect(endless.offsetsMs.at(-1)).toBe(1_000 * MINUTE);
    expect(endless.offsetAfter(1_001)).toBe(1_001 * MINUTE);
  });

  it.each([
    { title: 'no duration', schedule: () => 'soon', says: '"soon" after 1 attempts' },
    { title: 'nothing', schedule: () => undefined, says: 'undefined after 1 attempts' },
    { title: 'gaps instead of offsets', schedule: () => '1m', says: '"1m" after 2 attempts' },
    { title: 'zero', schedule: () => 0, says: 'got 0 after 1 attempts' },
    { title: 'falling offsets', schedule: (made: number) => `${9 - made}m`, says: '"7m" after 2 attempts' },
    {
      title: 'an error',
      schedule: () => {
        throw new Error('No config.');
      },
      says: 'got an error (No config.) after 1 attempts',
    },
    { title: 'a promise', schedule: async () => Promise.reject(new Error('x')), says: 'a promise after 1' },
  ])('refuses a function that gives $title', ({ schedule, says }) => {
    const error = failureOf(schedule);
    expect(error.option).toBe('retry.schedule');
    expect(error.message).toContain(says);
  });
});

describe('nextAttemptAt', () => {
  it('keeps at least half of the planned gap after an attempt that was late', () => {
    const late = START + 200 * MINUTE;
    // Offsets 15 and 30 minutes: both have long passed.
    expect(nextAttemptAt(byDefault, 2, START, late, null)).toBe(late + 5 * MINUTE);
    expect(nextAttemptAt(byDefault, 3, START, late, null)).toBe(late + 7.5 * MINUTE);
  });

  it.each([
    { asks: 60_000, minutes: 5, because: 'the schedule is later' },
    { asks: 20 * MINUTE, minutes: 20, because: 'it postpones' },
    { asks: 24 * 60 * MINUTE, minutes: 120, because: 'it postpones at most to the last offset' },
    { asks: 0, minutes: 5, because: 'zero postpones nothing' },
  ])('is $minutes min where Retry-After asks for $asks ms, since $because', ({ asks, minutes }) => {
    expect(nextAttemptAt(byDefault, 1, START, START, asks)).toBe(START + minutes * MINUTE);
  });

  it('is null after the last offset, whatever Retry-After asks for', () => {
    expect(nextAttemptAt(byDefault, 6, START, START + 120 * MINUTE, 1_000)).toBeNull();
  });
});
