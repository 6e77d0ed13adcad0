import { ENTRY_SIZE, LEAST_ENTRIES, MOST_ENTRIES } from './webhook-queue.js';

const MEASURED_MS = 500;

/**
 * How quickly this process's runner finds places for entries, and so how many of them there should be: what waits for longer
 * than a part of its lease would outlive it, and be claimed and loaded again. A process without a runner knows nothing of
 * it, and keeps to the least.
 */
export class QueuePace {
  private readonly entries = new Set<{ readonly since: number }>();
  private windowMs = 0;
  private perSecond = 0;
  private placed = 0;
  private since = performance.now();

  /** @param windowMs how long an entry should wait at most */
  start(windowMs: number): void {
    this.windowMs = windowMs;
  }

  /** To be called with what an entry of so many deliveries waits for. */
  async during(taken: Promise<void>, deliveries: number): Promise<void> {
    const entry = { since: performance.now() };
    this.entries.add(entry);
    await taken.finally(() => this.entries.delete(entry));
    this.placed += deliveries;
    this.measure();
  }

  get mostEntries(): number {
    const recent = performance.now() - this.since < 4 * MEASURED_MS;
    const inWindow = recent ? (this.perSecond * this.windowMs) / 1_000 : 0;
    return Math.min(MOST_ENTRIES, Math.max(LEAST_ENTRIES, Math.ceil(inWindow / ENTRY_SIZE)));
  }

  /** Whether an entry has waited so long that more of the same should stay in its rows. */
  get isSlow(): boolean {
    const [oldest] = this.entries;
    return oldest !== undefined && performance.now() - oldest.since > this.windowMs;
  }

  private measure(): void {
    const elapsed = performance.now() - this.since;
    if (elapsed < MEASURED_MS) return;
    this.perSecond = (this.placed * 1_000) / elapsed;
    this.placed = 0;
    this.since = performance.now();
  }
}
