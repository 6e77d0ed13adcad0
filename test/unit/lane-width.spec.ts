import { describe, expect, it } from 'vitest';
import { LaneWidth, type Answer } from '../../lib/delivery/lane-width.js';
import {
  noisy,
  refusingAbove,
  seeded,
  simulate,
  withHands,
  type Course,
  type SimulatedReceiver,
} from '../support/simulated-receivers.js';

const START = 5;

function laneWidth(start = START, most = 40): LaneWidth {
  return new LaneWidth({ start, most });
}

function send(requests: number, receiver: SimulatedReceiver, tickMs?: number): Course {
  return simulate([{ width: laneWidth(), receiver, requests }], tickMs)[0]!;
}

function end(width: LaneWidth, answers: number, answer: Partial<Answer> = {}): void {
  for (let n = 0; n < answers; n++) {
    const { shrinks } = width;
    width.ended({ verdict: 'accepted', durationMs: 20, inFlight: width.width, shrinks, ...answer });
  }
}

describe('The width of a lane', () => {
  it('starts at the first width, and never exceeds the maximum', () => {
    expect(laneWidth().width).toBe(5);
    expect(laneWidth(5, 2).width).toBe(2);

    const narrow = laneWidth(5, 2);
    end(narrow, 500);
    expect(narrow.width).toBe(2);
  });

  it.each([
    ['each answer by itself', undefined],
    ['many answers in one moment', 50],
  ])('grows while latency does not: 2,000 requests of 200 ms take less than 15 s, with %s', (_, tickMs) => {
    const course = send(2_000, () => ({ durationMs: 200 }), tickMs);

    expect(course.endedAt).toBeLessThan(15_000);
    expect(course.mostInFlight).toBe(40);
  });

  it('grows as well to a receiver that answers within 1 ms', () => {
    expect(send(3_000, () => ({ durationMs: 1 })).endedAt).toBeLessThan(150);
  });

  it('does not hold back a receiver of which only the first answers are slow', () => {
    let answers = 0;
    const warming: SimulatedReceiver = () => ({ durationMs: answers++ < 100 ? 200 : 1 });

    expect(send(3_000, warming).endedAt).toBeLessThan(3_000);
  });

  it.each([
    ['each answer by itself', undefined],
    ['many answers in one moment', 20],
  ])('settles near what the receiver serves at once, and keeps it busy, with %s', (_, tickMs) => {
    const course = send(2_000, withHands(5, 100), tickMs);

    expect(course.mostInFlight).toBeLessThanOrEqual(12);
    expect(course.meanWidth()).toBeGreaterThan(5);
    expect(course.meanWidth()).toBeLessThan(10);
    expect(course.endedAt).toBeLessThan(1.05 * 40_000);
  });

  it('comes down within a second and a half when the receiver serves fewer at once', () => {
    const [many, few] = [withHands(40, 100), withHands(5, 100)];
    const course = send(3_000, (now) => (now < 6_000 ? many(now) : few(now)));

    expect(course.meanWidth(5_000, 6_000)).toBe(40);
    expect(course.meanWidth(7_500)).toBeLessThan(10);
  });

  it('shares a receiver between several lanes, and none of them crowds it', () => {
    const receiver = withHands(10, 100);
    const lanes = [1, 2, 3, 4].map(() => ({ width: laneWidth(), receiver, requests: 1_000 }));
    const courses = simulate(lanes);
    const means = courses.map((course) => course.meanWidth());

    expect(Math.max(...means)).toBeLessThan(12);
    expect(Math.max(...means)).toBeLessThan(1.5 * Math.min(...means));
    expect(Math.max(...courses.map(({ endedAt }) => endedAt))).toBeLessThan(1.05 * 40_000);
  });

  it('lets no more than 5% of 2,000 requests be refused by a receiver that takes ten at once', () => {
    const course = send(2_000, refusingAbove(10, 100));

    expect(course.overloaded).toBeGreaterThan(0);
    expect(course.overloaded).toBeLessThanOrEqual(100);
    expect(course.meanWidth()).toBeGreaterThan(6);
  });

  it('halves once for all requests that had already started, and falls to one at least', () => {
    const width = laneWidth(40);
    const { shrinks } = width;
    end(width, 40, { verdict: 'overloaded', shrinks });
    expect(width.width).toBe(20);
    end(width, 3, { verdict: 'overloaded' });
    expect(width.width).toBe(2);
    end(width, 10, { verdict: 'overloaded' });
    expect(width.width).toBe(1);
  });

  it('grows again from one request at a time when a receiver is back', () => {
    const outage: SimulatedReceiver = (now) =>
      now < 10_000 ? { durationMs: 100, verdict: 'overloaded' } : { durationMs: 50 };
    const course = send(5_000, outage);

    expect(course.meanWidth(1_000, 10_000)).toBe(1);
    expect(course.leastWidth(14_000)).toBe(40);
  });

  it.each([
    [0.5, 0],
    [0.5, 0.01],
    [1, 0],
    [1, 0.01],
  ])('stays wide where latency varies by chance: log-normal, sigma %d, %d outliers', (sigma, outliers) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const course = send(4_000, noisy(50, sigma, outliers, seed));

      expect(course.leastWidth()).toBeGreaterThanOrEqual(START);
      expect(course.meanWidth()).toBeGreaterThan(sigma < 1 ? 30 : 10);
    }
  });

  it('never falls below the first width where every other answer takes a hundred times as long', () => {
    const random = seeded(1);

    expect(send(3_000, () => ({ durationMs: random() < 0.5 ? 5 : 500 })).leastWidth()).toBe(START);
  });

  it('does not take a pause of our own event loop for congestion', () => {
    const hiccups: SimulatedReceiver = (now) => ({ durationMs: now % 50 < 25 ? 0.5 : 3.5 });
    const course = send(5_000, hiccups);

    expect(course.leastWidth(100)).toBe(40);
  });

  it('comes down and grows again when a receiver has become slower for good', () => {
    const course = send(5_000, (now) => ({ durationMs: now < 1_000 ? 20 : 200 }));

    expect(course.meanWidth(900, 1_000)).toBe(40);
    expect(course.leastWidth(1_000, 3_000)).toBe(START);
    expect(course.meanWidth(11_000, 12_000)).toBeGreaterThan(20);
    expect(course.leastWidth(16_000)).toBe(40);
  });

  it('comes down in each slow wave, and is wide again in the next fast one', () => {
    const course = send(20_000, (now) => ({ durationMs: now % 10_000 < 5_000 ? 20 : 400 }));

    expect(course.endedAt).toBeGreaterThan(20_000);
    for (let wave = 0; wave < course.endedAt - 10_000; wave += 10_000) {
      expect(course.meanWidth(wave + 2_000, wave + 5_000)).toBe(40);
      expect(course.leastWidth(wave + 5_000, wave + 8_000)).toBe(START);
    }
  });

  it('stays as it is while requests come one at a time, whatever they take', () => {
    const width = laneWidth();
    end(width, 1_000, { inFlight: 1 });
    end(width, 1_000, { inFlight: 1, durationMs: 5_000 });
    expect(width.width).toBe(5);
    end(width, 10);
    expect(width.width).toBe(6);
    end(width, 1_000, { inFlight: 4 });
    expect(width.width).toBe(6);
  });

  it('ignores requests that never reached the receiver', () => {
    const width = laneWidth();
    end(width, 100, { verdict: 'ignored', durationMs: 0 });
    end(width, 10);
    expect(width.width).toBe(6);
    end(width, 100, { verdict: 'ignored', durationMs: 60_000 });
    expect(width.width).toBe(6);
  });
});
