/** How far ahead slots are reserved. */
export const SLOTS_AHEAD_MS = 1_000;
/** How much delay is made up for at once: a fiftieth of a second's requests at most. */
const MADE_UP_MS = 20;

/**
 * The slots that a lane has reserved of its endpoint's rate limit. They are reserved for all workers together. If a
 * busy event loop, or a lane without a place, misses slots, they are not all used at once. Times are those of
 * `performance.now()`.
 */
export class LaneSlots {
  private readonly slots: number[] = [];
  private onTimeAt = -Infinity;
  private isReserving = false;

  /** @param perSecond requests */
  constructor(readonly perSecond: number) {}

  get count(): number {
    return this.slots.length;
  }

  /** When the next request may start. */
  get startsAt(): number {
    return this.slots.length === 0 ? Infinity : Math.max(this.slots[0]!, this.onTimeAt);
  }

  /** Whether slots are missing for so many waiting deliveries, and are not being reserved yet. */
  isShort(waiting: number): boolean {
    return !this.isReserving && waiting > this.slots.length;
  }

  /**
   * Reserves the missing slots for so many waiting deliveries. Resolves with the number of deliveries that got none.
   * @param reserve resolves with how many ms from now each slot is
   */
  async fill(waiting: number, reserve: (count: number) => Promise<readonly number[]>): Promise<number> {
    const missing = waiting - this.slots.length;
    this.isReserving = true;
    try {
      const slots = await reserve(missing);
      const now = performance.now();
      for (const inMs of slots) this.slots.push(now + inMs);
      return missing - slots.length;
    } finally {
      this.isReserving = false;
    }
  }

  /** Uses a slot: a request starts now. */
  take(): void {
    this.slots.shift();
    this.onTimeAt = Math.max(this.onTimeAt, performance.now() - MADE_UP_MS) + 1_000 / this.perSecond;
  }
}
