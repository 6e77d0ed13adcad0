import { describe, expect, it } from 'vitest';
import { LATENCY_BOUNDS_MS, latencyBin, percentile } from '../../lib/domain/latency.js';

describe('A latency', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [4, 3],
    [5, 3],
    [6, 4],
    [60_000, 27],
    [60_001, 28],
    [10_000_000, 28],
  ])('of %i ms falls into bin %i', (durationMs, bin) => {
    expect(latencyBin(durationMs)).toBe(bin);
  });

  it('that is the bound of a bin is the last one in it', () => {
    expect(LATENCY_BOUNDS_MS.map(latencyBin)).toEqual([...LATENCY_BOUNDS_MS.keys()]);
  });

  it('that a share stay below is estimated within its bin', () => {
    const counts = [40, 40, 45, 50].map((durationMs) => ({ bin: latencyBin(durationMs), attempts: 1 }));

    expect(percentile(counts, 0.5)).toBe(40);
    expect(percentile(counts, 1)).toBe(50);
    expect(percentile([], 0.5)).toBeNull();
  });
});
