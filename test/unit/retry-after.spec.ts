import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../lib/domain/retry-after.js';

const NOW = Date.parse('1994-11-06T08:49:00Z');

describe('parseRetryAfter', () => {
  const { TZ } = process.env;
  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['007', 7_000],
    ['999999999', 999_999_999_000],
    ['9999999999', 999_999_999_000],
    ['9'.repeat(400), 999_999_999_000],
  ])('reads %j as seconds', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  // RFC 9110, section 5.6.7.
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads %j as a date in GMT, wherever the process runs',
    (value) => {
      for (const zone of ['UTC', 'Asia/Tokyo', 'America/New_York']) {
        process.env.TZ = zone;
        expect(parseRetryAfter(value, NOW), zone).toBe(37_000);
      }
    },
  );

  it('ignores a date that has passed', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:48:59 GMT', NOW)).toBeNull();
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:00 GMT', NOW)).toBeNull();
  });

  it.each([
    undefined,
    '',
    ' ',
    '-5',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '5m',
    '1, 2',
    'Infinity',
    'NaN',
    'tomorrow',
    '1994-11-06T08:49:37Z',
    '06 Nov 1994 08:49:37 GMT',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    'Monday',
    '٣٠',
    'Mon 2099',
    'Mon, 2099',
    'Mon 1 Jan 2099',
    'Thu, 1 Jan 2099 00:00:00 GMT',
    'Thu, 01 Jan 2099 00:00:00',
    'Thu, 01 Jan 2099 00:00:00 UTC',
    'Thu, 01 Jan 2099 00:00:00 +0000',
    'Thu, 01 Jan 2099 00:00 GMT',
    'Thu, 01 Jan 2099 24:00:00 GMT',
    'Thu, 01 January 2099 00:00:00 GMT',
    'Thu, 01 Jan 99 00:00:00 GMT',
    'Sun, 29 Feb 2099 00:00:00 GMT',
    'Mon, 31 Nov 2099 00:00:00 GMT',
    'Thursday, 01-Jan-2099 00:00:00 GMT',
    'Thu Jan 01 2099 00:00:00 GMT+0100',
    'Thu, 01 Jan 2099 00:00:00 GMT, 5',
  ])('ignores %j, also on a clock on which it would lie ahead', (value) => {
    for (const now of [NOW, 0, Date.parse('2098-12-31T23:59:00Z')]) {
      expect(parseRetryAfter(value, now)).toBeNull();
    }
  });

  it('takes a year of two digits for the latest that is not more than 50 years ahead', () => {
    const date = 'Sunday, 06-Nov-40 08:49:37 GMT';
    expect(parseRetryAfter(date, Date.parse('2040-11-06T08:49:00Z'))).toBe(37_000);
    expect(parseRetryAfter(date, Date.parse('1999-11-06T08:49:00Z'))).toBeGreaterThan(37_000);
    expect(parseRetryAfter(date, Date.parse('1985-11-06T08:49:00Z'))).toBeNull();
  });

  it('gives a finite delay or none, whatever a server sends', () => {
    const near = fc
      .array(
        fc.constantFrom(
          'Sun',
          ', ',
          '06',
          'Nov',
          '-',
          '275760',
          '99999999',
          '08:49:37',
          'GMT',
          '(',
          ' ',
          ':',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (value) => {
        const delay = parseRetryAfter(value, NOW) ?? 0;
        expect(Number.isFinite(delay) && delay >= 0).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
