import { describe, expect, it } from 'vitest';
import {
  decideOutcome,
  verdictOf,
  type AttemptContext,
  type AttemptResponse,
  type OutcomeDecision,
} from '../../lib/domain/outcome.js';
import { retrySchedule } from '../../lib/domain/retry-schedule.js';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const SCHEDULE = retrySchedule(['5m', '1h']);
const FIRST: AttemptContext = {
  attemptsMade: 1,
  firstAttemptAt: NOW,
  single: false,
  mayResume: true,
  now: NOW,
};

const responded = (status: number, retryAfter: string | null = null): AttemptResponse => ({
  status,
  retryAfter,
  error: null,
});
const broken = (code: string, status: number | null = null): AttemptResponse => ({
  status,
  retryAfter: null,
  error: { code },
});
const decide = (response: AttemptResponse, context: Partial<AttemptContext> = {}): OutcomeDecision =>
  decideOutcome(response, { ...FIRST, ...context }, SCHEDULE);

const nextWith = (retryAfter: string): number | null => decide(responded(503, retryAfter)).nextAttemptAt;

const FINAL = { nextAttemptAt: null, disableEndpoint: false, counts: true };
const SUCCEEDED: OutcomeDecision = { ...FINAL, outcome: 'succeeded' };
const FAILED: OutcomeDecision = { ...FINAL, outcome: 'failed' };

describe('decideOutcome', () => {
  it('makes an attempt that we cut due at once, and counts it neither for the schedule nor for the endpoint', () => {
    const again = { outcome: 'retrying', nextAttemptAt: NOW, disableEndpoint: false, counts: false };
    expect(decide(broken('interrupted'))).toEqual(again);
    expect(decide(broken('interrupted', 200), { single: true })).toEqual(again);
  });

  it('lets an attempt that we cut again follow the schedule', () => {
    const cut = decide(broken('interrupted'), { mayResume: false });
    expect(cut).toMatchObject({ outcome: 'retrying', nextAttemptAt: NOW + 5 * MINUTE, counts: true });
    expect(decide(broken('interrupted'), { mayResume: false, attemptsMade: 3 })).toEqual(FAILED);
  });

  it.each([200, 201, 202, 204, 206, 299])('succeeds with %i', (status) => {
    expect(decide(responded(status))).toEqual(SUCCEEDED);
    expect(decide(responded(status), { single: true })).toEqual(SUCCEEDED);
    expect(decide(responded(status), { attemptsMade: 3 })).toEqual(SUCCEEDED);
  });

  it.each([300, 301, 302, 304, 307, 308, 400, 401, 404, 408, 409, 422, 429, 499, 500, 502, 503, 504, 599])(
    'retries after %i, a redirect and a client error included',
    (status) => {
      const next = { outcome: 'retrying', nextAttemptAt: NOW + 5 * MINUTE, disableEndpoint: false };
      expect(decide(responded(status))).toEqual({ ...next, counts: true });
    },
  );

  it.each(['timeout', 'dns', 'connection', 'tls', 'invalid-response'])(
    'retries after the error %s',
    (code) => {
      expect(decide(broken(code))).toMatchObject({ outcome: 'retrying', nextAttemptAt: NOW + 5 * MINUTE });
    },
  );

  it('retries a 2xx that did not arrive whole', () => {
    expect(decide(broken('timeout', 200)).outcome).toBe('retrying');
  });

  it('fails a refused destination for good', () => {
    expect(decide(broken('refused-destination'))).toEqual(FAILED);
  });

  it('fails for good with 410 Gone and disables the endpoint', () => {
    expect(decide(responded(410))).toEqual({ ...FAILED, disableEndpoint: true });
    expect(decide(responded(410), { single: true })).toEqual({ ...FAILED, disableEndpoint: true });
  });

  it('does not take an incomplete 410 for Gone', () => {
    expect(decide(broken('timeout', 410))).toMatchObject({ outcome: 'retrying', disableEndpoint: false });
  });

  it('fails when the schedule has ended', () => {
    expect(decide(responded(500), { attemptsMade: 2 }).nextAttemptAt).toBe(NOW + 60 * MINUTE);
    expect(decide(responded(500), { attemptsMade: 3 })).toEqual(FAILED);
  });

  it('fails a single attempt at once', () => {
    expect(decide(responded(500), { single: true })).toEqual(FAILED);
    expect(decide(broken('timeout'), { single: true })).toEqual(FAILED);
  });

  it('waits as long as Retry-After asks, up to the last offset', () => {
    expect(nextWith('1800')).toBe(NOW + 30 * MINUTE);
    expect(nextWith(new Date(NOW + 45 * MINUTE).toUTCString())).toBe(NOW + 45 * MINUTE);
    for (const long of ['86400', '9999999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT']) {
      expect(nextWith(long), long).toBe(NOW + 60 * MINUTE);
    }
    expect(nextWith('1')).toBe(NOW + 5 * MINUTE);
    expect(nextWith('later')).toBe(NOW + 5 * MINUTE);
  });
});

describe('verdictOf', () => {
  it.each(['timeout', 'connection', 'dns', 'tls'])(
    'is that the endpoint is unreachable after the error %s',
    (code) => {
      expect(verdictOf(broken(code))).toBe('away');
    },
  );

  it.each([429, 503])('is that it is overloaded after a %d', (status) => {
    expect(verdictOf({ status, retryAfter: null, error: null })).toBe('overloaded');
  });

  it.each([200, 404, 500])('is that the endpoint answers after a %d', (status) => {
    expect(verdictOf({ status, retryAfter: null, error: null })).toBe('accepted');
  });

  it('is that the endpoint answers, even if its answer is not HTTP', () => {
    expect(verdictOf(broken('invalid-response'))).toBe('accepted');
  });

  it.each(['interrupted', 'refused-destination'])(
    'is ignored after %s, which we decided ourselves',
    (code) => {
      expect(verdictOf(broken(code))).toBe('ignored');
    },
  );
});
