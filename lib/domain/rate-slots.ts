/**
 * The first `count` slots at or after `from`, with `perSecond` slots in each second: whole milliseconds, epoch ms. The
 * k-th slot since 1970 is at k seconds / `perSecond`, rounded up. So rounding errors never add up, whoever reserves how
 * many.
 */
export function rateSlots(from: number, count: number, perSecond: number): number[] {
  // The first k after the millisecond before `from`.
  const first = Math.floor(((from - 1) * perSecond) / 1_000) + 1;
  return Array.from({ length: count }, (_, index) => Math.ceil(((first + index) * 1_000) / perSecond));
}
