/** How long something may wait for its lane before it goes back to its row. */
const MAX_WAIT_MS = 2_000;
const MAX_WAITING_PER_LANE = 200;
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
    return !this.probing && this.waiting.length < MAX_WAITING_PER_LANE;
  }

  ended(durationMs: number, reachable: boolean): void {
    this.inFlight--;
    this.latencyMs += (durationMs - this.latencyMs) * (this.latencyMs === 0 ? 1 : LATENCY_WEIGHT);
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
  private waitingCount = 0;

  constructor(private readonly limits: { readonly total: number; readonly perLane: number }) {}

  get inFlight(): number {
    return this.total;
  }

  /** True where more would only wait: all requests are taken, and enough is there to follow them. */
  get saturated(): boolean {
    return this.total >= this.limits.total && this.waitingCount >= WAITING_PER_REQUEST * this.limits.total;
  }

  /** @param startBefore epoch ms from which on the item must not start any more */
  offer(key: string, item: Item, now: number, startBefore: number): LanePlace {
    const lane = this.lane(key);
    if (lane.open && this.total < this.limits.total && lane.waiting.length === 0) {
      this.start(lane);
      return 'start';
    }
    if (!lane.takesWaiting()) return { deferredUntil: lane.deferral(now) };
    lane.waiting.push({ item, since: now, startBefore });
    this.waitingCount++;
    if (lane.open) this.ready.add(key);
    return 'wait';
  }

  /** Ends one item and gives those that start in its place. */
  ended(key: string, durationMs: number, reachable: boolean): Item[] {
    const lane = this.lane(key);
    lane.ended(durationMs, reachable);
    this.total--;
    if (lane.idle) this.forget(key);
    else if (lane.open && lane.waiting.length > 0) this.ready.add(key);
    return this.startReady();
  }

  /** Takes out what has waited for too long; all of it where `now` is `Infinity`. */
  expire(now: number): { item: Item; deferredUntil: number }[] {
    const expired: { item: Item; deferredUntil: number }[] = [];
    for (const [key, lane] of this.lanes) {
      const [staying, leaving] = partition(
        lane.waiting,
        ({ since, startBefore }) => now - since < MAX_WAIT_MS && now < startBefore,
      );
      lane.waiting = staying;
      this.waitingCount -= leaving.length;
      if (staying.length === 0) this.ready.delete(key);
      for (const { item, since } of leaving) {
        expired.push({ item, deferredUntil: lane.deferral(Number.isFinite(now) ? now : since) });
      }
      if (lane.idle) this.forget(key);
    }
    return expired;
  }

  private startReady(): Item[] {
    const started: Item[] = [];
    for (const key of this.ready) {
      if (this.total >= this.limits.total) break;
      const lane = this.lane(key);
      this.ready.delete(key);
      const next = lane.open ? lane.waiting.shift() : undefined;
      if (!next) continue;
      this.waitingCount--;
      started.push(next.item);
      this.start(lane);
      // Behind the others: a Set is walked in the order of insertion, so all lanes get their turn.
      if (lane.open && lane.waiting.length > 0) this.ready.add(key);
    }
    return started;
  }

  private start(lane: Lane<Item>): void {
    lane.inFlight++;
    this.total++;
  }

  private lane(key: string): Lane<Item> {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = new Lane(this.limits.perLane)));
    return lane;
  }

  private forget(key: string): void {
    this.lanes.delete(key);
    this.ready.delete(key);
  }
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  const passing: Item[] = [];
  const failing: Item[] = [];
  for (const item of items) (test(item) ? passing : failing).push(item);
  return [passing, failing];
}
