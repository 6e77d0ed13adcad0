import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../lib/domain/duration.js';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['15s', 15_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['30d', 2_592_000_000],
    ['0s', 0],
    ['1.5h', 5_400_000],
    ['0.5ms', 1],
    [' 5m ', 300_000],
    [0, 0],
    [1_500, 1_500],
  ])('reads %j as %i ms', (value, ms) => {
    expect(parseDuration(value)).toBe(ms);
  });

  it.each([
    '',
    '5',
    'm',
    '5 m',
    '-5m',
    '+5m',
    '5M',
    '5min',
    '5m30s',
    '.5s',
    '5.s',
    '1e3s',
    '5w',
    '9999999999999999d',
    -1,
    0.5,
    NaN,
    Infinity,
    Number.MAX_SAFE_INTEGER + 1,
    null,
    undefined,
    true,
    {},
    ['5m'],
    5n,
  ])('refuses %s', (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });
});
