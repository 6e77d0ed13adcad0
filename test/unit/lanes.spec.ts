import { describe, expect, it } from 'vitest';
import { Lanes } from '../../lib/delivery/lanes.js';

const NOW = 1_000_000;
const LATER = NOW + 60_000;

function lanes(limits: { total: number; perLane: number }): Lanes<string> {
  return new Lanes<string>(limits);
}

describe('Lanes', () => {
  it('start up to the cap of a lane, and let the rest wait', () => {
    const shared = lanes({ total: 10, perLane: 2 });
    expect(['a1', 'a2', 'a3'].map((item) => shared.offer('a', item, NOW, LATER))).toEqual([
      'start',
      'start',
      'wait',
    ]);
    expect(shared.offer('b', 'b1', NOW, LATER)).toBe('start');
  });

  it('start what waits in its lane when something there ends', () => {
    const shared = lanes({ total: 10, perLane: 1 });
    shared.offer('a', 'a1', NOW, LATER);
    shared.offer('a', 'a2', NOW, LATER);
    expect(shared.ended('a', 5, true, NOW)).toEqual(['a2']);
    expect(shared.ended('a', 5, true, NOW)).toEqual([]);
    expect(shared.inFlight).toBe(0);
  });

  it('give the lanes their turns when all requests are taken', () => {
    const shared = lanes({ total: 2, perLane: 2 });
    for (const item of ['a1', 'a2', 'a3', 'a4']) shared.offer('a', item, NOW, LATER);
    for (const item of ['b1', 'b2']) shared.offer('b', item, NOW, LATER);
    const order: string[] = [];
    order.push(...shared.ended('a', 1, true, NOW), ...shared.ended('a', 1, true, NOW));
    expect(order).toContain('b1');
    expect(order).toContain('a3');
  });

  it('probe a lane that nobody answered on, and open it again at the first answer', () => {
    const shared = lanes({ total: 10, perLane: 3 });
    for (const item of ['a1', 'a2', 'a3', 'a4', 'a5']) shared.offer('a', item, NOW, LATER);
    expect(shared.ended('a', 15_000, false, NOW)).toEqual([]);
    expect(shared.ended('a', 15_000, false, NOW)).toEqual([]);
    expect(shared.offer('a', 'a6', NOW, LATER)).toMatchObject({ until: expect.any(Number) });
    expect(shared.ended('a', 15_000, false, NOW)).toEqual(['a4']);
    expect(shared.ended('a', 10, true, NOW)).toEqual(['a5']);
    expect(shared.offer('a', 'a7', NOW, LATER)).toBe('start');
  });

  it('spread what they put off over the slots that the lane will have, two minutes ahead at most', () => {
    const shared = lanes({ total: 10, perLane: 1 });
    shared.offer('a', 'a1', NOW, LATER);
    shared.ended('a', 10_000, false, NOW);
    shared.offer('a', 'a2', NOW, LATER);
    const times = Array.from({ length: 30 }, (_, n) => {
      const place = shared.offer('a', `later ${n}`, NOW, LATER);
      return (place as { until: number }).until - NOW;
    });
    expect(times.slice(0, 3)).toEqual([11_000, 21_000, 31_000]);
    expect(Math.max(...times)).toBeLessThanOrEqual(120_000);
  });

  it('give back what has waited for two seconds, or must not start any more', () => {
    const shared = lanes({ total: 1, perLane: 1 });
    shared.offer('a', 'a1', NOW, LATER);
    shared.offer('a', 'patient', NOW + 1_500, LATER);
    shared.offer('a', 'ending', NOW + 1_500, NOW + 1_800);
    shared.offer('a', 'old', NOW, LATER);
    expect(shared.expire(NOW + 2_000).map(({ item }) => item)).toEqual(['ending', 'old']);
    expect(shared.expire(Infinity).map(({ item }) => item)).toEqual(['patient']);
  });

  it('are saturated when enough waits for lanes that move', () => {
    const shared = lanes({ total: 1, perLane: 1 });
    const fill = (count: number): void => {
      for (let n = 0; n < count; n++) shared.offer('a', `a${n}`, NOW, LATER);
    };
    fill(10);
    // Nobody knows yet whether anybody answers there.
    expect(shared.saturated).toBe(false);
    shared.ended('a', 5, true, NOW);
    expect(shared.saturated).toBe(true);
    for (let n = 0; n < 6; n++) shared.ended('a', 5, true, NOW);
    expect(shared.saturated).toBe(false);
    fill(2);
    expect(shared.saturated).toBe(true);
    // What has waited in vain goes, and the lane holds nobody up until something ends there.
    shared.expire(NOW + 3_000);
    expect(shared.saturated).toBe(false);
    expect(shared.offer('a', 'more', NOW, LATER)).toMatchObject({ until: expect.any(Number) });
  });

  it('put off for longer the longer nobody answers, a quarter of an hour at most, and no longer once somebody does', () => {
    const shared = lanes({ total: 10, perLane: 1 });
    const MINUTE = 60_000;
    const probe = (now: number, reachable: boolean): void => {
      shared.ended('a', 15_000, reachable, now);
      shared.offer('a', 'next', now, now + MINUTE);
    };
    shared.offer('a', 'first', NOW, LATER);
    /** In minutes, of many. */
    const farthest = (minutes: number): number => {
      const now = NOW + minutes * MINUTE;
      probe(now, false);
      const times = Array.from({ length: 1_000 }, (_, n) =>
        shared.offer('a', `later ${n}`, now, now + MINUTE),
      );
      const ahead = times.map((place) => (place as { until: number }).until - now);
      return Math.round(Math.max(...ahead) / MINUTE);
    };
    expect([0, 1, 5, 10, 15, 120].map(farthest)).toEqual([2, 2, 5, 10, 15, 15]);
    probe(NOW + 121 * MINUTE, true);
    probe(NOW + 122 * MINUTE, false);
    expect(farthest(122)).toBe(2);
  });

  it.each([
    [2, 2],
    [10, 10],
    [120, 15],
  ])(
    'are through with a backlog of 20,000, after an outage of %i minutes, within %i more',
    (outageMinutes, withinMinutes) => {
      const { backAt, drainedAt, putOff } = outage({ backlog: 20_000, outageMs: outageMinutes * 60_000 });
      // A minute for those that found no place when they came back.
      expect(drainedAt - backAt).toBeLessThan((withinMinutes + 1) * 60_000);
      // At three quarters of the window on average: 222 a second in the beginning, 30 in the end.
      expect(putOff).toBeLessThan(20_000 * (outageMinutes < 15 ? 8 : 8 + outageMinutes / 11.25));
    },
  );
});

/** A worker with one endpoint that is away for a while, refuses at once and answers within 10 ms, in steps of 100 ms. */
function outage({ backlog, outageMs }: { backlog: number; outageMs: number }): {
  backAt: number;
  drainedAt: number;
  putOff: number;
} {
  const STEP = 100;
  const shared = lanes({ total: 50, perLane: 5 });
  const due = new Map<number, number>([[0, backlog]]);
  const come = (at: number, count: number): void => {
    const step = Math.max(at, now + STEP) - (Math.max(at, now + STEP) % STEP);
    due.set(step, (due.get(step) ?? 0) + count);
  };
  let now = 0;
  let left = backlog;
  let putOff = 0;
  for (; left > 0; now += STEP) {
    const isBack = now >= outageMs;
    const running: string[] = [];
    for (let rest = due.get(now) ?? 0; rest > 0; rest--) {
      const place = shared.offer('a', 'item', now, now + 60_000);
      if (place === 'start') running.push('item');
      else if (place !== 'wait') {
        putOff++;
        come(place.until, 1);
      }
    }
    due.delete(now);
    for (const _ of running) {
      // What was attempted follows its own schedule from then on.
      left--;
      running.push(...shared.ended('a', isBack ? 10 : 2, isBack, now));
    }
    for (const { deferral } of shared.expire(now)) come(deferral.until, 1);
  }
  return { backAt: outageMs, drainedAt: now, putOff };
}
