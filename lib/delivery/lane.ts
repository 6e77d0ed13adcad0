/** How long something may wait for its lane before it goes back to its row. */
const MAX_WAIT_MS = 2_000;
/** What may wait for a lane whose latency is not known yet, and for the fastest one. */
const FIRST_WAITING = 200;
const MOST_WAITING = 1_000;
const MIN_DEFERRAL_MS = 1_000;
/**
 * How far ahead work is put off: as long as nobody has answered, within these bounds. What finds no slot comes back in
 * the second half of that, after three quarters on average, so a backlog of B costs B / (0.75 × window) rows per second
 * to claim and put off again: for 20,000 rows that is 222 at first, and 30 after a quarter of an hour; for a million,
 * 1,480 then, of the 8,000 that a worker can. And when it answers again, all is back within the window at the latest.
 */
const SHORTEST_WINDOW_MS = 120_000;
const LONGEST_WINDOW_MS = 900_000;
/** Requests that probe an endpoint, in as long as it has been away. */
const MOST_PROBES = 60;
/** However soon it refuses: a backlog must not come back row by row. */
const MIN_PROBE_MS = 20;
/** Steps of the golden ratio fall evenly into any window, wherever it starts. */
const EVEN_STEP = 0.618_034;
const LATENCY_WEIGHT = 0.2;

export interface Waiting<Item> {
  readonly item: Item;
  readonly since: number;
  readonly startBefore: number;
}

/** When something may come back: what is put off is spread over the slots that the lane will have. */
export interface Deferral {
  readonly until: number;
  /** Set where there is more than an endpoint that is away has slots for: it is spread over this time. */
  readonly spread?: { readonly from: number; readonly spanMs: number };
}

/** One endpoint's share of the work: what is in flight there, what waits, and whether anybody answers. */
export class Lane<Item> {
  inFlight = 0;
  waiting: Waiting<Item>[] = [];
  /** Nobody answered the last request: one at a time until somebody does. */
  get probing(): boolean {
    return this.unreachableSince !== null;
  }

  /** Something waited in vain, and nothing has ended since. */
  private stalled = false;
  private latencyMs = 0;
  private nextDeferredAt = 0;
  private unreachableSince: number | null = null;
  private step = 0;

  constructor(private readonly cap: number) {}

  get open(): boolean {
    return this.inFlight < (this.probing ? 1 : this.cap);
  }

  get idle(): boolean {
    return this.inFlight === 0 && this.waiting.length === 0 && !this.probing;
  }

  takesWaiting(): boolean {
    if (this.probing || this.stalled) return false;
    if (this.latencyMs === 0) return this.waiting.length < FIRST_WAITING;
    return this.waiting.length < Math.min(MOST_WAITING, (this.cap * MAX_WAIT_MS) / this.latencyMs);
  }

  /**
   * What waits here although the lane is known to move. Only this holds back further work: what waits for somebody
   * who may never answer must not.
   */
  get moving(): number {
    return this.latencyMs === 0 || this.probing || this.stalled ? 0 : this.waiting.length;
  }

  /** Takes out what has waited for too long, or must not start any more; all of it where `now` is `Infinity`. */
  expire(now: number): { item: Item; deferral: Deferral }[] {
    const [staying, leaving] = partition(
      this.waiting,
      ({ since, startBefore }) => now - since < MAX_WAIT_MS && now < startBefore,
    );
    this.waiting = staying;
    if (leaving.length > 0) this.stalled = true;
    return leaving.map(({ item, since }) => ({
      item,
      deferral: this.deferral(Number.isFinite(now) ? now : since),
    }));
  }

  ended(durationMs: number, reachable: boolean, now: number): void {
    this.inFlight--;
    this.stalled = false;
    this.latencyMs +=
      (Math.max(durationMs, 1) - this.latencyMs) * (this.latencyMs === 0 ? 1 : LATENCY_WEIGHT);
    if (this.probing && reachable) this.nextDeferredAt = 0;
    this.unreachableSince = reachable ? null : (this.unreachableSince ?? now);
  }

  deferral(now: number): Deferral {
    const outageMs = this.unreachableSince === null ? 0 : now - this.unreachableSince;
    const slotMs = this.probing
      ? Math.max(this.latencyMs, MIN_PROBE_MS, outageMs / MOST_PROBES)
      : this.latencyMs / this.cap;
    const windowMs = Math.min(Math.max(outageMs, SHORTEST_WINDOW_MS), LONGEST_WINDOW_MS);
    const slotAt = Math.max(this.nextDeferredAt, now + MIN_DEFERRAL_MS) + slotMs;
    if (slotAt <= now + windowMs) return { until: Math.ceil((this.nextDeferredAt = slotAt)) };
    this.step = (this.step + EVEN_STEP) % 1;
    const spread = { from: Math.ceil(now + windowMs / 2), spanMs: Math.ceil(windowMs / 2) };
    const until = Math.ceil(spread.from + spread.spanMs * this.step);
    return this.probing ? { until, spread } : { until };
  }
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  const passing: Item[] = [];
  const failing: Item[] = [];
  for (const item of items) (test(item) ? passing : failing).push(item);
  return [passing, failing];
}
