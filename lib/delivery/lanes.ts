/** How long something may wait for its lane before it goes back to its row. */
const MAX_WAIT_MS = 2_000;
/** What may wait for a lane whose latency is not known yet, and for the fastest one. */
const FIRST_WAITING = 200;
const MOST_WAITING = 1_000;
const MIN_DEFERRAL_MS = 1_000;
const MAX_DEFERRAL_MS = 120_000;
const LATENCY_WEIGHT = 0.2;
const WAITING_PER_REQUEST = 4;

interface Waiting<Item> {
  readonly item: Item;
  readonly since: number;
  readonly startBefore: number;
}

/** One endpoint's share of the work. */
class Lane<Item> {
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

  waitedInVain(): void {
    this.stalled = true;
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

/** Where an item went: it starts now, it waits, or it is to come back at a time. */
export type LanePlace = 'start' | 'wait' | { readonly deferredUntil: number };

/**
 * Shares a number of requests in flight between endpoints. Each has a lane with a cap of its own, so that a slow
 * or dead one holds up nobody else: what finds no place in its lane goes back to its row with a later time.
 */
export class Lanes<Item> {
  private readonly lanes = new Map<string, Lane<Item>>();
  /** Lanes that have something waiting and would let it start, in the order of their turns. */
  private readonly ready = new Set<string>();
  private total = 0;
  private moving = 0;

  constructor(private readonly limits: { readonly total: number; readonly perLane: number }) {}

  get inFlight(): number {
    return this.total;
  }

  /** True where more would only wait: enough is there to follow the requests in flight. */
  get saturated(): boolean {
    return this.moving >= WAITING_PER_REQUEST * this.limits.total;
  }

  /** @param startBefore epoch ms from which on the item must not start any more */
  offer(key: string, item: Item, now: number, startBefore: number): LanePlace {
    return this.change(key, (lane) => {
      if (lane.open && this.total < this.limits.total && lane.waiting.length === 0) {
        this.start(lane);
        return 'start';
      }
      if (!lane.takesWaiting()) return { deferredUntil: lane.deferral(now) };
      lane.waiting.push({ item, since: now, startBefore });
      return 'wait';
    });
  }

  /** Ends one item and gives those that start in its place. */
  ended(key: string, durationMs: number, reachable: boolean): Item[] {
    this.total--;
    this.change(key, (lane) => lane.ended(durationMs, reachable));
    return this.startReady();
  }

  /** Takes out what has waited for too long; all of it where `now` is `Infinity`. */
  expire(now: number): { item: Item; deferredUntil: number }[] {
    return [...this.lanes.keys()].flatMap((key) => this.change(key, (lane) => expireLane(lane, now)));
  }

  private startReady(): Item[] {
    const started: Item[] = [];
    for (const key of this.ready) {
      if (this.total >= this.limits.total) break;
      // Behind the others: a Set is walked in the order of insertion, so all lanes get their turn.
      this.ready.delete(key);
      this.change(key, (lane) => {
        started.push(lane.waiting.shift()!.item);
        this.start(lane);
      });
    }
    return started;
  }

  private start(lane: Lane<Item>): void {
    lane.inFlight++;
    this.total++;
  }

  /** Every change of a lane goes through here, which keeps what is derived from the lanes true. */
  private change<Result>(key: string, change: (lane: Lane<Item>) => Result): Result {
    const lane = this.lanes.get(key) ?? new Lane<Item>(this.limits.perLane);
    this.moving -= lane.moving;
    const result = change(lane);
    this.moving += lane.moving;
    if (lane.idle) this.lanes.delete(key);
    else this.lanes.set(key, lane);
    if (lane.open && lane.waiting.length > 0) this.ready.add(key);
    else this.ready.delete(key);
    return result;
  }
}

function expireLane<Item>(lane: Lane<Item>, now: number): { item: Item; deferredUntil: number }[] {
  const [staying, leaving] = partition(
    lane.waiting,
    ({ since, startBefore }) => now - since < MAX_WAIT_MS && now < startBefore,
  );
  lane.waiting = staying;
  if (leaving.length > 0) lane.waitedInVain();
  return leaving.map(({ item, since }) => ({
    item,
    deferredUntil: lane.deferral(Number.isFinite(now) ? now : since),
  }));
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  const passing: Item[] = [];
  const failing: Item[] = [];
  for (const item of items) (test(item) ? passing : failing).push(item);
  return [passing, failing];
}
