import { describe, expect, it } from 'vitest';
import { SlidingWindow } from '../../lib/domain/sliding-window.js';

const NOW = 1_000_000;

describe('SlidingWindow', () => {
  it('accepts as many calls as its limit, and then says when there is room again', () => {
    const window = new SlidingWindow(60_000);

    expect([window.take('a', 2, NOW), window.take('a', 2, NOW + 10_000)]).toEqual([null, null]);
    expect(window.take('a', 2, NOW + 15_000)).toBe(45_000);
    expect(window.take('a', 2, NOW + 59_999)).toBe(1);
    expect(window.take('a', 2, NOW + 60_000)).toBeNull();
    expect(window.take('a', 2, NOW + 60_000)).toBe(10_000);
  });

  it('counts each key by itself', () => {
    const window = new SlidingWindow(60_000);

    expect([window.take('a', 1, NOW), window.take('b', 1, NOW)]).toEqual([null, null]);
    expect(window.take('a', 1, NOW)).toBe(60_000);
  });

  it('follows a lowered or raised limit', () => {
    const window = new SlidingWindow(60_000);
    for (const at of [0, 10_000, 20_000]) window.take('a', 3, NOW + at);

    expect(window.take('a', 2, NOW + 30_000)).toBe(40_000);
    expect(window.take('a', 1, NOW + 30_000)).toBe(50_000);
    expect(window.take('a', 4, NOW + 30_000)).toBeNull();
  });

  it('does not count what it refused', () => {
    const window = new SlidingWindow(1_000);
    window.take('a', 1, NOW);
    for (let refused = 0; refused < 10; refused++) expect(window.take('a', 1, NOW + 999)).toBe(1);

    expect(window.take('a', 1, NOW + 1_000)).toBeNull();
  });

  it('does not stay shut when the clock is set back', () => {
    const window = new SlidingWindow(1_000);
    window.take('a', 1, NOW);

    expect(window.take('a', 1, NOW - 3_600_000)).toBeNull();
  });

  it('keeps what is within the window of a key, among thousands of others that are not', () => {
    const window = new SlidingWindow(1_000);
    for (let key = 0; key < 3_000; key++) window.take(`old-${key}`, 1, NOW);
    window.take('a', 1, NOW + 1_000);
    for (let key = 0; key < 3_000; key++) window.take(`new-${key}`, 1, NOW + 1_500);

    expect(window.take('a', 1, NOW + 1_500)).toBe(500);
  });
});
