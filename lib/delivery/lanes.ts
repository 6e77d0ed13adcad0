import { Lane, type Deferral } from './lane.js';

/** Items that wait per request in flight before more is held back. */
const WAITING_PER_REQUEST = 4;

/** Where an item went: it starts now, it waits, or it is to come back later. */
export type LanePlace = 'start' | 'wait' | Deferral;

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

  /** The lanes in which something waits. */
  waitingKeys(): string[] {
    return [...this.lanes].filter(([, lane]) => lane.waiting.length > 0).map(([key]) => key);
  }

  /** True where something waits for its turn already, and will get it. */
  isMoving(key: string): boolean {
    return (this.lanes.get(key)?.moving ?? 0) > 0;
  }

  /** @param startBefore epoch ms from which on the item must not start any more */
  offer(key: string, item: Item, now: number, startBefore: number): LanePlace {
    return this.change(key, (lane) => {
      if (lane.open && this.total < this.limits.total && lane.waiting.length === 0) {
        this.start(lane);
        return 'start';
      }
      if (!lane.takesWaiting()) return lane.deferral(now);
      lane.waiting.push({ item, since: now, startBefore });
      return 'wait';
    });
  }

  /** Ends one item and gives those that start in its place. */
  ended(key: string, durationMs: number, reachable: boolean, now: number): Item[] {
    this.total--;
    this.change(key, (lane) => lane.ended(durationMs, reachable, now));
    return this.startReady();
  }

  /** Takes out what has waited for too long; all of it where `now` is `Infinity`. */
  expire(now: number): { item: Item; deferral: Deferral }[] {
    return [...this.lanes.keys()].flatMap((key) => this.change(key, (lane) => lane.expire(now)));
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
