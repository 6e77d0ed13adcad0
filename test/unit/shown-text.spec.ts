import { describe, expect, it } from 'vitest';
import { newSecretValue } from '../../lib/domain/secret.js';
import { quoted, singleLine } from '../../lib/domain/shown-text.js';

describe('singleLine', () => {
  it.each([
    ['a line break', 'a\nb', 'a\\u000ab'],
    ['CR and LF', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['an ANSI escape', '\u001b[31mred', '\\u001b[31mred'],
    ['the C1 form of it', '\u009b31mred', '\\u009b31mred'],
    ['NUL', 'a\0b', 'a\\u0000b'],
    ['a backspace', 'admin\b\b', 'admin\\u0008\\u0008'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['a text that turns round', 'a\u202eb', 'a\\u202eb'],
  ])('shows %s instead of doing it', (_, text, shown) => {
    expect(singleLine(text)).toBe(shown);
  });

  it('leaves what people write in their languages', () => {
    expect(singleLine('💥 Zahlungen – 支払い عربى')).toBe('💥 Zahlungen – 支払い عربى');
  });

  it('cuts what is long, and says so', () => {
    expect(singleLine('x'.repeat(2_000_000))).toBe(`${'x'.repeat(1_000)}…`);
    expect(quoted('x'.repeat(65))).toBe(`'${'x'.repeat(64)}…'`);
    expect(quoted('x'.repeat(64))).toBe(`'${'x'.repeat(64)}'`);
  });

  it('never shows a secret, nor the part of one that is left where a text is cut', () => {
    const secret = newSecretValue();

    expect(singleLine(`Key (secret)=(${secret}) exists`)).toBe('Key (secret)=(whsec_…) exists');
    for (let before = 0; before < 80; before++) {
      expect(quoted('x'.repeat(before) + secret)).not.toContain(secret.slice(6, 10));
    }
  });
});
