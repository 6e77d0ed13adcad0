import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RateLimiter } from '../../lib/delivery/rate-limiter.js';
import { rateSlots } from '../../lib/domain/rate-slots.js';
import type { LoadedDelivery } from '../../lib/persistence/sql/delivery-statements.js';
import type { WebhookEndpointRepository } from '../../lib/persistence/webhook-endpoint.repository.js';

const NOW = 1_796_000_000_123;
const LIMITS = Array.from({ length: 1_000 }, (_, n) => n + 1);

describe('The slots of a rate limit', () => {
  it('are as many as it says in ten seconds, whatever it is and however many are reserved at a time', () => {
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

  it('lie an interval apart, but for the rounding to milliseconds, and never before they were asked for', () => {
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

  const limiter = (): RateLimiter => new RateLimiter({} as WebhookEndpointRepository);
  const to = (endpointId: string, rateLimit: number | null): LoadedDelivery =>
    ({ endpointId, endpoint: { rateLimit } }) as LoadedDelivery;

  it.each([1, 10, 334, 501, 999])('go out at the rate of %d a second, and not together', (rateLimit) => {
    const rates = limiter();
    vi.advanceTimersByTime(10_000);
    const waits = Array.from({ length: 2 * rateLimit + 1 }, () => rates.takeTurn(to('a', rateLimit)));
    const atOnce = waits.filter((ms) => ms === 0).length;
    expect(atOnce).toBeLessThanOrEqual(1 + Math.floor(rateLimit / 50));
    expect(waits.filter((ms) => ms < 1_000).length).toBeLessThanOrEqual(rateLimit * 1.02 + 1);
    expect(waits.at(-1)).toBeGreaterThan(1_979);
    expect(waits.at(-1)).toBeLessThan(2_001);
  });

  it('do not wait where they are on time, where there is no limit, or for another endpoint', () => {
    const rates = limiter();
    for (let n = 0; n < 20; n += 1) {
      expect(rates.takeTurn(to('a', 10))).toBe(0);
      expect(rates.takeTurn(to('b', 10))).toBe(0);
      expect(rates.takeTurn(to('c', null))).toBe(0);
      vi.advanceTimersByTime(100);
    }
  });
});
