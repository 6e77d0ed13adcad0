import { ENTRY_SIZE, FIRST_ENTRIES, MOST_ENTRIES } from './webhook-queue.js';

const FEWEST_ENTRIES = 2;

/**
 * How many entries there should be at once. What waits for longer than a part of its lease would outlive it, and be claimed
 * again in vain: when entries wait for too long there should be half as many, and while they don't, and there are about as many
 * as there may be, one more for each. A process without a runner knows nothing of it, and keeps to the first number.
 */
export class QueueRoom {
  private readonly waiting = new Set<{ readonly since: number }>();
  private most = FIRST_ENTRIES;
  private used = 0;
  private windowMs = 0;
  private halvedAt = -Infinity;

  /** @param windowMs how long an entry should wait at most */
  start(windowMs: number): void {
    this.windowMs = windowMs;
  }

  /** To be called with what an entry waits for: whether it was in time. */
  async during(taken: Promise<boolean>): Promise<void> {
    const entry = { since: performance.now() };
    this.waiting.add(entry);
    const inTime = await taken.finally(() => this.waiting.delete(entry));
    if (!inTime || this.hasWaitedLong(entry)) this.halve();
    else if (this.used > this.most / 2) this.most = Math.min(MOST_ENTRIES, this.most + 1);
  }

  /** Deliveries that there is room for beside so many entries. */
  beside(entries: number): number {
    this.used = entries;
    return Math.max(0, Math.floor(this.most) - entries) * ENTRY_SIZE;
  }

  /** Deliveries that there is room for where nothing is under way. */
  get capacity(): number {
    return Math.floor(this.most) * ENTRY_SIZE;
  }

  /** Whether an entry has waited so long that more of the same should stay in its rows. */
  get isSlow(): boolean {
    const [oldest] = this.waiting;
    return oldest !== undefined && this.hasWaitedLong(oldest);
  }

  private hasWaitedLong({ since }: { readonly since: number }): boolean {
    return performance.now() - since > this.windowMs;
  }

  /** Once for all that have waited together. */
  private halve(): void {
    const now = performance.now();
    if (now - this.halvedAt < this.windowMs) return;
    this.halvedAt = now;
    this.most = Math.max(FEWEST_ENTRIES, this.most / 2);
  }
}
