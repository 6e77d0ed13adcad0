/** Upper bounds of the histogram's bins, in ms. A last bin holds everything above. */
export const LATENCY_BOUNDS_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000,
  7_000, 10_000, 15_000, 20_000, 30_000, 60_000,
] as const;

/** The bin that a duration falls into. */
export function latencyBin(durationMs: number): number {
  const bin = LATENCY_BOUNDS_MS.findIndex((bound) => durationMs <= bound);
  return bin < 0 ? LATENCY_BOUNDS_MS.length : bin;
}

/** How many durations fell into a bin of the histogram. */
export interface LatencyCount {
  readonly bin: number;
  readonly attempts: number;
}

/**
 * The duration in ms that `share` of all attempts stayed below, interpolated within its bin; `null` if there are none.
 */
export function percentile(counts: readonly LatencyCount[], share: number): number | null {
  const total = counts.reduce((sum, { attempts }) => sum + attempts, 0);
  if (total === 0) return null;
  const perBin = new Map<number, number>();
  for (const { bin, attempts } of counts) perBin.set(bin, (perBin.get(bin) ?? 0) + attempts);
  let below = 0;
  for (const [bin, attempts] of [...perBin].sort(([a], [b]) => a - b)) {
    if (below + attempts >= share * total) {
      const lower = LATENCY_BOUNDS_MS[bin - 1] ?? 0;
      const upper = LATENCY_BOUNDS_MS[bin] ?? lower;
      return Math.round(lower + ((upper - lower) * (share * total - below)) / attempts);
    }
    below += attempts;
  }
  return null;
}
