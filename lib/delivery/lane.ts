import { LaneSlots } from './lane-slots.js';
import { LaneWidth, WEIGHT, type Answer } from './lane-width.js';

/** Requests that an endpoint gets at once before it has answered. */
const FIRST_WIDTH = 5;
/** A lane, and all of them, hold as many as they send in this time at their pace: enough until more are claimed. */
export const AHEAD_MS = 250;
const MOST_AHEAD = 500;
/** How much of what is ahead must have started before more is claimed: claims are few and large then. */
export const REFILLED_FROM = 1 / 4;
/** The latency assumed of an endpoint that has not answered yet. */
const ASSUMED_LATENCY_MS = 100;
/** An endpoint that does not answer is probed about this many times in as long as it has been away. */
const PROBES = 60;
const SOONEST_PROBE_MS = 20;
const LATEST_PROBE_MS = 30_000;
/** A lane that has been idle for this long is forgotten, and with it that its endpoint does not answer. */
const KEPT_MS = 900_000;

/** What the end of a request says about its endpoint. */
export interface LaneAnswer {
  /** `away`: nobody answered. `ignored`: it was not sent. */
  readonly verdict: Answer['verdict'] | 'away';
  readonly durationMs: number;
}

/** The limits that an endpoint has set. */
export interface LaneLimits {
  /** Requests per second over all workers. */
  readonly rateLimit: number | null;
  /** Requests at once from this worker. */
  readonly concurrency: number | null;
}

/** A request at its start. Its end is judged by these values. */
export interface Started extends Pick<Answer, 'inFlight' | 'shrinks'> {
  readonly limits: LaneLimits;
}

/** One endpoint's place in a worker: the deliveries that wait for it, in order, and the pace at which they are sent. */
export class Lane<Item> {
  readonly waiting: Item[] = [];
  inFlight = 0;
  /** `null`: the endpoint has no rate limit. */
  slots: LaneSlots | null = null;
  private readonly width: LaneWidth;
  private ownLimits: LaneLimits = { rateLimit: null, concurrency: null };
  private latencyMs = ASSUMED_LATENCY_MS;
  private hasAnswered = false;
  private awaySince: number | null = null;
  private nextProbeAt = -Infinity;
  private usedAt = -Infinity;

  constructor(
    readonly tenant: string,
    readonly endpointId: string,
    mostAtOnce: number,
  ) {
    this.width = new LaneWidth({ start: FIRST_WIDTH, most: mostAtOnce });
  }

  get isAway(): boolean {
    return this.awaySince !== null;
  }

  /**
   * How many more deliveries it should hold at `now` (epoch ms). None while three quarters of those ahead are still
   * waiting, so that claims are few and large.
   * @param hurried whether an endpoint that does not answer is probed without a pause
   */
  room(now: number, hurried: boolean): number {
    if (this.isAway) return this.held === 0 && (hurried || this.mayProbe(now)) ? 1 : 0;
    const { most } = this;
    const room = most - this.held;
    return room >= Math.max(1, (most - this.width.width) * REFILLED_FROM) ? room : 0;
  }

  /** Whether it holds as many as it should. */
  isFull(now: number, hurried: boolean): boolean {
    return this.isAway ? this.room(now, hurried) === 0 : this.held >= this.most;
  }

  /**
   * Whether it keeps deliveries that this process stores. It keeps more of them than it would claim, since keeping
   * costs nothing.
   */
  takesOwn(now: number, hurried: boolean): boolean {
    if (this.isAway || this.slots) return this.room(now, hurried) > 0;
    return this.held < MOST_AHEAD;
  }

  get limits(): LaneLimits {
    return this.ownLimits;
  }

  set limits({ rateLimit, concurrency }: LaneLimits) {
    const { rateLimit: rateBefore, concurrency: concurrencyBefore } = this.ownLimits;
    if (rateLimit === rateBefore && concurrency === concurrencyBefore) return;
    if (rateLimit !== rateBefore) this.slots = rateLimit === null ? null : new LaneSlots(rateLimit);
    this.width.bound(concurrency);
    this.ownLimits = { rateLimit, concurrency };
  }

  private get held(): number {
    return this.waiting.length + this.inFlight;
  }

  /** How many it should hold at most: those in flight, and those that start soon. */
  private get most(): number {
    const { width } = this.width;
    const ahead = Math.min(MOST_AHEAD, (width * AHEAD_MS) / Math.max(1, this.latencyMs));
    return Math.min(Math.ceil(width + ahead), this.slots?.perSecond ?? Infinity);
  }

  /**
   * Whether its next request may start if the process could start `free` more. The fewer are free, the more it leaves
   * to others.
   */
  mayStart(free: number): boolean {
    if (this.waiting.length === 0 || this.inFlight >= (this.isAway ? 1 : this.width.width)) return false;
    if (this.slots && performance.now() < this.slots.startsAt) return false;
    // An endpoint that has never answered may hold its requests for long.
    return this.inFlight < Math.max(1, this.hasAnswered ? free : Math.floor(free / 8));
  }

  start(now: number): { item: Item; started: Started } {
    this.inFlight++;
    this.usedAt = now;
    this.slots?.take();
    const { inFlight, limits } = this;
    return { item: this.waiting.shift()!, started: { inFlight, limits, shrinks: this.width.shrinks } };
  }

  ended({ verdict, durationMs }: LaneAnswer, started: Started, now: number): void {
    this.inFlight--;
    this.usedAt = now;
    if (verdict === 'ignored') return;
    this.latencyMs += (Math.max(durationMs, 1) - this.latencyMs) * (this.hasAnswered ? WEIGHT : 1);
    this.width.ended({ ...started, durationMs, verdict: verdict === 'away' ? 'overloaded' : verdict });
    if (verdict === 'away') {
      this.awaySince ??= now;
      const pauseMs = (now - this.awaySince) / PROBES;
      this.nextProbeAt = now + Math.min(Math.max(pauseMs, SOONEST_PROBE_MS), LATEST_PROBE_MS);
    } else {
      this.hasAnswered = true;
      this.awaySince = null;
    }
  }

  /** A probe further in the future than any can be comes from a clock that was set back since. */
  private mayProbe(now: number): boolean {
    return now >= this.nextProbeAt || this.nextProbeAt - now > LATEST_PROBE_MS;
  }

  takeOut(isWanted: (item: Item, index: number) => boolean): Item[] {
    const taken = this.waiting.filter(isWanted);
    const staying = this.waiting.filter((item, index) => !isWanted(item, index));
    this.waiting.splice(0, this.waiting.length, ...staying);
    return taken;
  }

  /** Whether it holds nothing, and its endpoint answered the last request. */
  get isIdle(): boolean {
    return this.held === 0 && !this.isAway;
  }

  isForgotten(now: number): boolean {
    return this.held === 0 && now - this.usedAt > KEPT_MS;
  }
}
