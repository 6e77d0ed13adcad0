/** The lease of what waits for longer may end before its turn comes. */
const TOO_LONG_MS = 2_000;

/** How long the entries that a runner has taken have waited for their place. */
export class EntryAges {
  private readonly entries = new Set<{ readonly since: number }>();

  /** To be called with what an entry waits for. */
  async during(placed: Promise<void>): Promise<void> {
    const entry = { since: performance.now() };
    this.entries.add(entry);
    await placed.finally(() => this.entries.delete(entry));
  }

  /** Whether the oldest one has waited so long that more of the same should stay in its rows. */
  get areHigh(): boolean {
    const [oldest] = this.entries;
    return oldest !== undefined && performance.now() - oldest.since > TOO_LONG_MS;
  }
}
