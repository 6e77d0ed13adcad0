import { AHEAD_MS, Lane, REFILLED_FROM, type LaneAnswer, type LaneLimits, type Started } from './lane.js';

interface LaneItem {
  readonly tenant: string;
  readonly endpointId: string;
}

const SWEEP_EVERY = 1_000;
/** All lanes together hold what starts in `AHEAD_MS` at the last measured rate, or so many for each request. */
const AHEAD_PER_REQUEST = 4;
/**
 * A tenant leaves this share of the requests to others, so that a tenant that comes now need not wait for the end of a
 * request.
 */
const LEFT_TO_OTHERS = 1 / 8;

/**
 * The order and the pace in which a worker sends what it holds. Each endpoint has a lane. Tenants take turns, and so do
 * the lanes of each, so that a slow or dead endpoint delays no other.
 */
export class Lanes<Item extends LaneItem> {
  /** Whether endpoints that don't answer are probed without a pause. */
  hurried = false;
  private readonly lanes = new Map<string, Lane<Item>>();
  /** Lanes with waiting deliveries, by tenant, in the order of their turns. */
  private readonly turns = new Map<string, Set<Lane<Item>>>();
  /** Lanes that hold something or whose endpoints don't answer. No other lane can be full. */
  private readonly active = new Set<Lane<Item>>();
  /** Lanes whose deliveries wait for a slot of the endpoint's rate limit. */
  private readonly limitedLanes = new Set<Lane<Item>>();
  /** Requests in flight, of each tenant that has any. */
  private readonly requestsOf = new Map<string, number>();
  private requests = 0;
  private waiting = 0;
  private starts = 0;
  private startsBefore = 0;
  private startsSince = -Infinity;
  private sweepAt = SWEEP_EVERY;

  private readonly unknown: Lane<Item>;

  /** @param limits requests at once: of all lanes together, and of each */
  constructor(private readonly limits: { readonly total: number; readonly perLane: number }) {
    this.unknown = new Lane('', '', limits.perLane);
  }

  /**
   * How many more deliveries should wait at `now`: those that wait for long only grow old. None while three quarters
   * are still waiting, so that claims are few and large.
   */
  roomAhead(now: number): number {
    const age = now - this.startsSince;
    const lately = age < AHEAD_MS ? Math.max(this.startsBefore, this.starts) : this.starts;
    const most = Math.max(AHEAD_PER_REQUEST * this.limits.total, age < 2 * AHEAD_MS ? lately : 0);
    const room = most - this.waiting;
    return room >= most * REFILLED_FROM ? room : 0;
  }

  get inFlight(): number {
    return this.requests;
  }

  /** How many lanes have an endpoint that does not answer. */
  get away(): number {
    return [...this.active].filter((lane) => lane.isAway).length;
  }

  /** How many lanes it knows. */
  get size(): number {
    return this.lanes.size;
  }

  room(endpointId: string, now: number): number {
    return (this.lanes.get(endpointId) ?? this.unknown).room(now, this.hurried);
  }

  isAway(endpointId: string): boolean {
    return this.lanes.get(endpointId)?.isAway ?? false;
  }

  /** Whether some lane takes no more now. */
  isOneFull(now: number): boolean {
    for (const lane of this.active) if (lane.isFull(now, this.hurried)) return true;
    return false;
  }

  /** The endpoints whose lanes keep no more of what this process stores. */
  closed(now: number): string[] {
    const closed: string[] = [];
    for (const lane of this.active) if (!lane.takesOwn(now, this.hurried)) closed.push(lane.endpointId);
    return closed;
  }

  /** @param limits of the endpoint; `undefined` if they are not known */
  add(item: Item, limits: LaneLimits | undefined, now: number): void {
    const lane = this.laneOf(item, now);
    if (limits) lane.limits = limits;
    lane.waiting.push(item);
    this.waiting++;
    this.changed(lane);
  }

  /** The next delivery to send; `undefined` while none may start. */
  next(now: number): { item: Item; started: Started } | undefined {
    const free = this.limits.total - this.requests;
    if (free <= 0) return undefined;
    for (const [tenant, lanes] of this.turns) {
      if (this.mustLeave(tenant, free)) continue;
      for (const lane of lanes) {
        if (!lane.mayStart(free)) continue;
        const next = lane.start(now);
        this.count(tenant, 1);
        this.waiting--;
        this.countStart(now);
        // Both the lane and its tenant go behind the others.
        this.endTurn(lane);
        this.changed(lane);
        return next;
      }
    }
    return undefined;
  }

  ended({ endpointId }: Item, answer: LaneAnswer, started: Started, now: number): void {
    const lane = this.lanes.get(endpointId)!;
    this.count(lane.tenant, -1);
    lane.ended(answer, started, now);
    this.changed(lane);
  }

  /** The lanes with a rate limit and waiting deliveries. */
  limited(): ReadonlySet<Lane<Item>> {
    return this.limitedLanes;
  }

  /** Takes out the waiting deliveries that are wanted, of all lanes. */
  takeOut(isWanted: (item: Item) => boolean): Item[] {
    return [...this.turns.values()].flatMap((lanes) =>
      [...lanes].flatMap((lane) => this.takeOutOf(lane, isWanted)),
    );
  }

  /** Takes out the last deliveries that wait for an endpoint, `most` at most. */
  takeOutLast(endpointId: string, most: number): Item[] {
    const lane = this.lanes.get(endpointId);
    if (!lane) return [];
    const staying = Math.max(0, lane.waiting.length - most);
    return this.takeOutOf(lane, (_, index) => index >= staying);
  }

  private takeOutOf(lane: Lane<Item>, isWanted: (item: Item, index: number) => boolean): Item[] {
    const taken = lane.takeOut(isWanted);
    this.waiting -= taken.length;
    this.changed(lane);
    return taken;
  }

  private laneOf({ tenant, endpointId }: Item, now: number): Lane<Item> {
    const known = this.lanes.get(endpointId);
    if (known) return known;
    if (this.lanes.size >= this.sweepAt) this.sweep(now);
    const lane = new Lane<Item>(tenant, endpointId, this.limits.perLane);
    this.lanes.set(endpointId, lane);
    return lane;
  }

  private sweep(now: number): void {
    for (const [id, lane] of this.lanes) {
      if (!lane.isForgotten(now)) continue;
      this.lanes.delete(id);
      this.active.delete(lane);
    }
    this.sweepAt = Math.max(SWEEP_EVERY, 2 * this.lanes.size);
  }

  /** Updates everything that is derived from the lanes. */
  private changed(lane: Lane<Item>): void {
    const waits = lane.waiting.length > 0;
    if (waits) this.giveTurn(lane);
    else this.endTurn(lane);
    if (lane.isIdle) this.active.delete(lane);
    else this.active.add(lane);
    if (waits && lane.slots) this.limitedLanes.add(lane);
    else this.limitedLanes.delete(lane);
  }

  private mustLeave(tenant: string, free: number): boolean {
    // The app has no tenants, or the event belongs to the app.
    if (tenant === '') return false;
    const left = this.limits.total * LEFT_TO_OTHERS;
    return free <= left && (this.requestsOf.get(tenant) ?? 0) >= left;
  }

  private count(tenant: string, change: 1 | -1): void {
    this.requests += change;
    const requests = (this.requestsOf.get(tenant) ?? 0) + change;
    if (requests > 0) this.requestsOf.set(tenant, requests);
    else this.requestsOf.delete(tenant);
  }

  private countStart(now: number): void {
    const age = now - this.startsSince;
    if (age >= 0 && age < AHEAD_MS) {
      this.starts++;
      return;
    }
    this.startsBefore = age >= 0 && age < 2 * AHEAD_MS ? this.starts : 0;
    this.starts = 1;
    this.startsSince = now;
  }

  private giveTurn(lane: Lane<Item>): void {
    const lanes = this.turns.get(lane.tenant);
    if (lanes) lanes.add(lane);
    else this.turns.set(lane.tenant, new Set([lane]));
  }

  private endTurn(lane: Lane<Item>): void {
    const lanes = this.turns.get(lane.tenant);
    if (!lanes?.delete(lane)) return;
    this.turns.delete(lane.tenant);
    if (lanes.size > 0) this.turns.set(lane.tenant, lanes);
  }
}
