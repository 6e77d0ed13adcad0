import { ENTRY_SIZE, MOST_ENTRIES } from './webhook-queue.js';

const WINDOW_MS = 1_000;
const QUARTER_OF_QUEUE = (MOST_ENTRIES * ENTRY_SIZE) / 4;

/** Room in the queue that tenants with a large share of it leave to the others. */
export const ROOM_FOR_SMALL_SHARES = QUARTER_OF_QUEUE;

/** How many deliveries the tenants have put into the queue of late, as far as this process did it for them. */
export class TenantShares {
  private current = new Map<string, number>();
  private previous = new Map<string, number>();
  private since = -Infinity;

  /** @param now epoch ms */
  add(tenant: string, deliveries: number, now: number): void {
    this.turnOver(now);
    this.current.set(tenant, (this.current.get(tenant) ?? 0) + deliveries);
  }

  /** Whether it was a quarter of the queue, or more, within a second or two. @param now epoch ms */
  isLarge(tenant: string, now: number): boolean {
    this.turnOver(now);
    return (this.current.get(tenant) ?? 0) + (this.previous.get(tenant) ?? 0) >= QUARTER_OF_QUEUE;
  }

  private turnOver(now: number): void {
    const age = now - this.since;
    if (age >= 0 && age < WINDOW_MS) return;
    this.previous = age >= 0 && age < 2 * WINDOW_MS ? this.current : new Map();
    this.current = new Map();
    this.since = now;
  }
}
