import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LaneSlots } from '../../lib/delivery/lane-slots.js';
import { rateSlots } from '../../lib/domain/rate-slots.js';

const NOW = 1_796_000_000_123;
const LIMITS = Array.from({ length: 1_000 }, (_, n) => n + 1);

describe('The slots of a rate limit', () => {
  it('match any limit over ten seconds, however many are reserved at a time', () => {
    for (const perSecond of LIMITS) {
      const reserved: number[] = [];
      let next = NOW;
      for (let count = 1; next < NOW + 10_000; count = (count % 7) + 1) {
        const slots = rateSlots(next, count + 1, perSecond);
        reserved.push(...slots.slice(0, count));
        next = slots[count]!;
      }
      const inTime = reserved.filter((at) => at < NOW + 10_000);
      expect(new Set(inTime).size, String(perSecond)).toBe(inTime.length);
      expect(Math.abs(inTime.length - perSecond * 10), String(perSecond)).toBeLessThanOrEqual(1);
    }
  });

  it('lie an interval apart, rounded to milliseconds, and never before the request for them', () => {
    for (const perSecond of LIMITS) {
      const slots = rateSlots(NOW, 50, perSecond);
      expect(slots[0]!).toBeGreaterThanOrEqual(NOW);
      expect(slots[0]! - NOW).toBeLessThanOrEqual(Math.ceil(1_000 / perSecond));
      for (const [index, at] of slots.slice(1).entries()) {
        expect(Math.abs(at - slots[index]! - 1_000 / perSecond), String(perSecond)).toBeLessThan(1);
      }
    }
  });
});

describe('Requests that come after their slots', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  const reserved = async (perSecond: number, count: number): Promise<LaneSlots> => {
    const slots = new LaneSlots(perSecond);
    await slots.fill(count, async (wanted) => Array.from({ length: wanted }, () => 0));
    return slots;
  };

  it.each([1, 10, 334, 501, 999])('leave at %d a second, not all at once', async (rateLimit) => {
    const slots = await reserved(rateLimit, 3 * rateLimit);
    vi.advanceTimersByTime(10_000);
    const start = performance.now();
    const waits: number[] = [];
    while (waits.length <= 2 * rateLimit) {
      vi.advanceTimersByTime(Math.max(0, slots.startsAt - performance.now()));
      waits.push(performance.now() - start);
      slots.take();
    }
    const atOnce = waits.filter((ms) => ms === 0).length;
    expect(atOnce).toBeLessThanOrEqual(1 + Math.floor(rateLimit / 50));
    expect(waits.filter((ms) => ms < 1_000).length).toBeLessThanOrEqual(rateLimit * 1.02 + 1);
    expect(waits.at(-1)).toBeGreaterThan(1_979);
    expect(waits.at(-1)).toBeLessThan(2_001);
  });

  it('do not wait if they are on time', async () => {
    const slots = await reserved(10, 20);
    for (let n = 0; n < 20; n += 1) {
      expect(slots.startsAt).toBeLessThanOrEqual(performance.now());
      slots.take();
      vi.advanceTimersByTime(100);
    }
  });

  it('lack slots that other processes have taken', async () => {
    const slots = new LaneSlots(10);
    expect(slots.isShort(5)).toBe(true);
    const filled = slots.fill(5, async () => [100]);
    expect(slots.isShort(5)).toBe(false);
    await filled;
    expect(slots.startsAt).toBe(performance.now() + 100);
    expect(slots.isShort(5)).toBe(true);
    expect(slots.isShort(1)).toBe(false);
  });
});
