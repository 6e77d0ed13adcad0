const KEYS_BEFORE_SWEEP = 1_000;

/** Counts what each key did in the last `windowMs`, and says when there is room again. */
export class SlidingWindow {
  private readonly times = new Map<string, number[]>();

  constructor(private readonly windowMs: number) {}

  /**
   * Counts one more of up to `limit` at `now` (epoch ms) and returns `null`. If there is no room, counts nothing and returns the ms
   * until there is.
   */
  take(key: string, limit: number, now: number): number | null {
    if (this.times.size > KEYS_BEFORE_SWEEP) this.sweep(now);
    const times = this.within(key, now);
    // The one that has to leave first: the limit may have been larger a moment ago.
    const leaving = times[times.length - limit];
    if (times.length >= limit) return (leaving ?? now) + this.windowMs - now;
    this.times.set(key, [...times, now]);
    return null;
  }

  /** Drops times in the future: they come from a clock that was set back since, and would block until then. */
  private within(key: string, now: number): number[] {
    return (this.times.get(key) ?? []).filter((time) => time > now - this.windowMs && time <= now);
  }

  private sweep(now: number): void {
    for (const key of this.times.keys()) if (this.within(key, now).length === 0) this.times.delete(key);
  }
}
