import { describe, expect, it } from 'vitest';
import { SlidingWindow } from '../../lib/domain/sliding-window.js';

const NOW = 1_000_000;

describe('SlidingWindow', () => {
  it('takes as many as its limit, and then says when there is room again', () => {
    const window = new SlidingWindow(2, 60_000);

    expect([window.take('a', NOW), window.take('a', NOW + 10_000)]).toEqual([null, null]);
    expect(window.take('a', NOW + 15_000)).toBe(45_000);
    expect(window.take('a', NOW + 59_999)).toBe(1);
    expect(window.take('a', NOW + 60_000)).toBeNull();
    expect(window.take('a', NOW + 60_000)).toBe(10_000);
  });

  it('counts each key by itself', () => {
    const window = new SlidingWindow(1, 60_000);

    expect([window.take('a', NOW), window.take('b', NOW)]).toEqual([null, null]);
    expect(window.take('a', NOW)).toBe(60_000);
  });

  it('does not count what it refused', () => {
    const window = new SlidingWindow(1, 1_000);
    window.take('a', NOW);
    for (let refused = 0; refused < 10; refused++) expect(window.take('a', NOW + 999)).toBe(1);

    expect(window.take('a', NOW + 1_000)).toBeNull();
  });

  it('does not stay shut when the clock is set back', () => {
    const window = new SlidingWindow(1, 1_000);
    window.take('a', NOW);

    expect(window.take('a', NOW - 3_600_000)).toBeNull();
  });

  it('keeps what is within the window of a key, among thousands of others that are not', () => {
    const window = new SlidingWindow(1, 1_000);
    for (let key = 0; key < 3_000; key++) window.take(`old-${key}`, NOW);
    window.take('a', NOW + 1_000);
    for (let key = 0; key < 3_000; key++) window.take(`new-${key}`, NOW + 1_500);

    expect(window.take('a', NOW + 1_500)).toBe(500);
  });
});
