/** How many answers make a round, even if the width is smaller: the mean of fewer varies too much by chance. */
const ROUND = 10;
/**
 * A round may take this many times the reference. A receiver that serves n at once takes this at 1.75 × n in flight.
 */
const TOLERANCE = 1.75;
/** Added to every latency, since a few milliseconds more may come from our own event loop. */
const NOISE_MS = 10;
/** How far a latency moves the mean of those before: a share of the difference. */
export const WEIGHT = 0.2;
/** The width grows only if at least this share of it was in flight. */
const USED = 0.75;

/** How a request to the endpoint ended. */
export interface Answer {
  /**
   * `overloaded`: 429, 503, a timeout, or a refused connection. `ignored`: the receiver had no part in it, since we
   * could not sign the request or cut it. `accepted`: any other response, whatever its status.
   */
  readonly verdict: 'accepted' | 'overloaded' | 'ignored';
  readonly durationMs: number;
  /** Requests in flight to this endpoint when this one had started, including itself. */
  readonly inFlight: number;
  /** `LaneWidth.shrinks` when this one started. */
  readonly shrinks: number;
}

/**
 * How many requests one endpoint gets at once: one more after each good round of answers, half as many after a bad one
 * (additive increase, multiplicative decrease: Chiu and Jain 1989). A round is bad if the endpoint says that it is
 * overloaded, or if the latency is above the reference by more than a tolerance (the gradient of Netflix's
 * concurrency-limits).
 * The reference rises only in rounds with no more than the first width in flight, like the minimum latency of Envoy's
 * adaptive concurrency filter: a queue that our own width causes must not become normal. Latency never takes the width
 * below the first one. At that width the reference follows the latency, so the width of a receiver that has become
 * slower for good can grow again.
 */
export class LaneWidth {
  private readonly first: number;
  private current: number;
  private most: number;
  private timesShrunk = 0;
  private referenceMs: number | null = null;
  private round = new Round();

  /** @param limits in requests, whole, at least 1; `most` also bounds `start` */
  constructor(private readonly limits: { readonly start: number; readonly most: number }) {
    this.first = Math.min(limits.start, limits.most);
    this.current = this.first;
    this.most = limits.most;
  }

  /** How many requests at once now: a whole number from 1 to `most`. */
  get width(): number {
    return Math.min(this.current, this.most);
  }

  /** @param most the endpoint's own limit of requests at once, if it has one */
  bound(most: number | null): void {
    this.most = Math.min(most ?? Infinity, this.limits.most);
  }

  /**
   * How often the width has shrunk. A request that started before the last time says nothing about the present width.
   */
  get shrinks(): number {
    return this.timesShrunk;
  }

  ended({ verdict, durationMs, inFlight, shrinks }: Answer): void {
    if (verdict === 'ignored' || shrinks !== this.timesShrunk) return;
    if (verdict === 'overloaded') {
      this.shrink(1);
      return;
    }
    this.round.add(durationMs + NOISE_MS, inFlight);
    if (this.round.answers >= Math.max(ROUND, this.current)) this.endRound();
  }

  private endRound(): void {
    const { latencyMs, mostInFlight } = this.round;
    this.round = new Round();
    const referenceMs = this.refer(latencyMs, mostInFlight <= this.first);
    const slower = latencyMs > TOLERANCE * referenceMs;
    if (slower && this.current > this.first) this.shrink(this.first);
    if (!slower && mostInFlight >= USED * this.current) {
      this.current = Math.min(this.current + 1, this.most);
    }
  }

  private refer(latencyMs: number, mayRise: boolean): number {
    const before = this.referenceMs ?? latencyMs;
    const moves = mayRise || latencyMs < before;
    this.referenceMs = moves ? before * (latencyMs / before) ** WEIGHT : before;
    return this.referenceMs;
  }

  private shrink(least: number): void {
    this.current = Math.max(least, Math.floor(this.current / 2));
    this.timesShrunk++;
    this.round = new Round();
  }
}

class Round {
  answers = 0;
  mostInFlight = 0;
  private logarithms = 0;

  /** The geometric mean: one answer that takes twenty times as long hardly moves it. */
  get latencyMs(): number {
    return Math.exp(this.logarithms / this.answers);
  }

  add(latencyMs: number, inFlight: number): void {
    this.answers++;
    this.logarithms += Math.log(latencyMs);
    this.mostInFlight = Math.max(this.mostInFlight, inFlight);
  }
}
