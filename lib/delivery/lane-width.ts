/** Answers that a round needs, also where the width is less: chance moves the mean of fewer too far. */
const ROUND = 10;
/** How many times the reference a round may take. A receiver that serves n at once takes this at 1.75 × n in flight. */
const TOLERANCE = 1.75;
/** Added to every latency: a few milliseconds more may be our own event loop's. */
const NOISE_MS = 10;
/** How far, in proportion, a round moves the reference to its own latency. */
const WEIGHT = 0.2;
/** The width grows only where at least this share of it was in flight. */
const USED = 0.75;

/** How a request to the endpoint ended. */
export interface Answer {
  /**
   * `overloaded`: 429, 503, a timeout, or a refused connection. `ignored`: the receiver had no part in it, as where the
   * request could not be signed or was cut by us. `accepted`: any other response, whatever its status.
   */
  readonly verdict: 'accepted' | 'overloaded' | 'ignored';
  readonly durationMs: number;
  /** Requests in flight to this endpoint once this one had started, itself included. */
  readonly inFlight: number;
  /** `LaneWidth.shrinks` when this one started. */
  readonly shrinks: number;
}

/**
 * How many requests one endpoint gets at once: one more after each round of answers while it takes them well, half as
 * many when it does not (additive increase, multiplicative decrease: Chiu and Jain 1989). It does not when it answers
 * that it is overloaded, or when a round's latency is above the reference by more than a tolerance (the gradient of
 * Netflix's concurrency-limits).
 *
 * The reference rises only in rounds with no more than the first width in flight, like the minimum latency of Envoy's
 * adaptive concurrency filter: a queue that our own width causes must not become normal. Latency takes the width down
 * to the first one and no further. There the reference follows, and the width of a receiver that has become slower for
 * good grows again.
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

  /** Requests at once now: whole, from 1 to `most`. */
  get width(): number {
    return Math.min(this.current, this.most);
  }

  /** @param most requests at once, where its endpoint has a bound of its own */
  bound(most: number | null): void {
    this.most = Math.min(most ?? Infinity, this.limits.most);
  }

  /** How often the width has shrunk. A request that started before the latest time says nothing about the width since. */
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
