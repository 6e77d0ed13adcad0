/** How long something may wait for its lane before it goes back to its row. */
const MAX_WAIT_MS = 2_000;
/** What may wait for a lane whose latency is not known yet, and for the fastest one. */
const FIRST_WAITING = 200;
const MOST_WAITING = 1_000;
const MIN_DEFERRAL_MS = 1_000;
const MAX_DEFERRAL_MS = 120_000;
const LATENCY_WEIGHT = 0.2;

export interface Waiting<Item> {
  readonly item: Item;
  readonly since: number;
  readonly startBefore: number;
}

/** One endpoint's share of the work: what is in flight there, what waits, and whether anybody answers. */
export class Lane<Item> {
  inFlight = 0;
  waiting: Waiting<Item>[] = [];
  /** Nobody answered the last request: one at a time until somebody does. */
  probing = false;
  /** Something waited in vain, and nothing has ended since. */
  private stalled = false;
  private latencyMs = 0;
  private nextDeferredAt = 0;

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
  expire(now: number): { item: Item; deferredUntil: number }[] {
    const [staying, leaving] = partition(
      this.waiting,
      ({ since, startBefore }) => now - since < MAX_WAIT_MS && now < startBefore,
    );
    this.waiting = staying;
    if (leaving.length > 0) this.stalled = true;
    return leaving.map(({ item, since }) => ({
      item,
      deferredUntil: this.deferral(Number.isFinite(now) ? now : since),
    }));
  }

  ended(durationMs: number, reachable: boolean): void {
    this.inFlight--;
    this.stalled = false;
    this.latencyMs +=
      (Math.max(durationMs, 1) - this.latencyMs) * (this.latencyMs === 0 ? 1 : LATENCY_WEIGHT);
    if (this.probing && reachable) this.nextDeferredAt = 0;
    this.probing = !reachable;
  }

  /** What is put off is spread over the slots that the lane will have, so that it does not come back at once. */
  deferral(now: number): number {
    const slot = this.latencyMs / (this.probing ? 1 : this.cap);
    const latest = now + MAX_DEFERRAL_MS;
    this.nextDeferredAt = Math.max(this.nextDeferredAt, now + MIN_DEFERRAL_MS) + slot;
    if (this.nextDeferredAt > latest) this.nextDeferredAt = now + MIN_DEFERRAL_MS;
    return Math.ceil(this.nextDeferredAt);
  }
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  const passing: Item[] = [];
  const failing: Item[] = [];
  for (const item of items) (test(item) ? passing : failing).push(item);
  return [passing, failing];
}
