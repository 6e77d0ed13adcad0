import { ENTRY_SIZE, FIRST_ENTRIES } from './webhook-queue.js';

const WINDOW_MS = 1_000;
/** A quarter of what there is room for at first. */
const LARGE_SHARE = (FIRST_ENTRIES * ENTRY_SIZE) / 4;

/**
 * Room in the queue that tenants with a large share of it leave to the others: half of what there is at first. Each event takes
 * an entry, however few deliveries it has, and what finds no room waits behind all that the large ones have stored.
 */
export const ROOM_FOR_SMALL_SHARES = (FIRST_ENTRIES * ENTRY_SIZE) / 2;

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

  /** Whether it was as much as that, or more, within a second or two. @param now epoch ms */
  isLarge(tenant: string, now: number): boolean {
    this.turnOver(now);
    return (this.current.get(tenant) ?? 0) + (this.previous.get(tenant) ?? 0) >= LARGE_SHARE;
  }

  private turnOver(now: number): void {
    const age = now - this.since;
    if (age >= 0 && age < WINDOW_MS) return;
    this.previous = age >= 0 && age < 2 * WINDOW_MS ? this.current : new Map();
    this.current = new Map();
    this.since = now;
  }
}
