import { LaneWidth, type Answer } from '../../lib/delivery/lane-width.js';

/** How a simulated receiver handles a request that starts at `now` (virtual ms). */
export interface Reception {
  readonly durationMs: number;
  readonly verdict?: Answer['verdict'];
  readonly ended?: () => void;
}
export type SimulatedReceiver = (now: number) => Reception;

export interface SimulatedLane {
  readonly width: LaneWidth;
  readonly receiver: SimulatedReceiver;
  readonly requests: number;
}

/** The results of a lane's requests. */
export class Course {
  endedAt = 0;
  mostInFlight = 0;
  overloaded = 0;
  /** The width after each response, with its time. */
  readonly widths: { readonly at: number; readonly width: number }[] = [];

  /** The mean width over the responses from `from` to `until`, in virtual ms. */
  meanWidth(from = 0, until = Infinity): number {
    const widths = this.between(from, until);
    return widths.reduce((sum, width) => sum + width, 0) / widths.length;
  }

  leastWidth(from = 0, until = Infinity): number {
    return Math.min(...this.between(from, until));
  }

  private between(from: number, until: number): number[] {
    return this.widths.filter(({ at }) => at >= from && at < until).map(({ width }) => width);
  }
}

interface Flight extends Omit<Answer, 'verdict'> {
  readonly lane: number;
  readonly endsAt: number;
  readonly reception: Reception;
}

/**
 * Sends each lane's requests in virtual time, always as many at once as its width allows.
 * @param tickMs responses within one such step are all processed at its end
 */
export function simulate(lanes: readonly SimulatedLane[], tickMs = 0): Course[] {
  const courses = lanes.map(() => new Course());
  const left = lanes.map(({ requests }) => requests);
  const open = lanes.map(() => 0);
  let flights: Flight[] = [];

  const fill = (index: number, now: number): void => {
    const { width, receiver } = lanes[index]!;
    while (left[index]! > 0 && open[index]! < width.width) {
      left[index]!--;
      const inFlight = ++open[index]!;
      courses[index]!.mostInFlight = Math.max(courses[index]!.mostInFlight, inFlight);
      const reception = receiver(now);
      const exact = now + reception.durationMs;
      const endsAt = tickMs > 0 ? Math.ceil(exact / tickMs) * tickMs : exact;
      flights.push({
        lane: index,
        endsAt,
        reception,
        durationMs: endsAt - now,
        inFlight,
        shrinks: width.shrinks,
      });
    }
  };
  const end = ({ lane, endsAt, reception, ...request }: Flight): void => {
    const verdict = reception.verdict ?? 'accepted';
    reception.ended?.();
    open[lane]!--;
    lanes[lane]!.width.ended({ ...request, verdict });
    const course = courses[lane]!;
    course.endedAt = endsAt;
    if (verdict === 'overloaded') course.overloaded++;
    course.widths.push({ at: endsAt, width: lanes[lane]!.width.width });
  };

  for (const index of lanes.keys()) fill(index, 0);
  while (flights.length > 0) {
    const now = Math.min(...flights.map(({ endsAt }) => endsAt));
    const ending = flights.filter(({ endsAt }) => endsAt === now);
    flights = flights.filter(({ endsAt }) => endsAt !== now);
    for (const flight of ending) end(flight);
    for (const index of new Set(ending.map(({ lane }) => lane))) fill(index, now);
  }
  return courses;
}

/**
 * Works on `hands` requests at once, each for `serviceMs`. Further ones wait in the order of their arrival.
 */
export function withHands(hands: number, serviceMs: number): SimulatedReceiver {
  const freeAt = Array.from({ length: hands }, () => 0);
  return (now) => {
    const startsAt = Math.max(now, Math.min(...freeAt));
    freeAt[freeAt.indexOf(Math.min(...freeAt))] = startsAt + serviceMs;
    return { durationMs: startsAt + serviceMs - now };
  };
}

/** Serves `most` requests at once for `serviceMs`, and refuses further ones within 2 ms. */
export function refusingAbove(most: number, serviceMs: number): SimulatedReceiver {
  let inside = 0;
  return () => {
    if (inside >= most) return { durationMs: 2, verdict: 'overloaded' };
    inside++;
    return { durationMs: serviceMs, ended: () => void inside-- };
  };
}

/** Log-normal latencies around `medianMs`. A share of `outliers` takes twenty times as long. */
export function noisy(medianMs: number, sigma: number, outliers: number, seed: number): SimulatedReceiver {
  const random = seeded(seed);
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return { durationMs: medianMs * Math.exp(sigma * normal) * (random() < outliers ? 20 : 1) };
  };
}

/** The mulberry32 generator: the same seed gives the same numbers from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
