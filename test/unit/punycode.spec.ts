import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePunycode } from '../../lib/domain/punycode.js';

/** Sample strings of RFC 3492, section 7.1. */
const SAMPLES: readonly [string, string][] = [
  ['egbpdaj6bu4bxfgehfvwxn', 'ليهمابتكلموشعربي؟'],
  ['ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
  ['4dbcagdahymbxekheh6e0a7fei0b', 'למההםפשוטלאמדבריםעברית'],
  ['PorqunopuedensimplementehablarenEspaol-fmd56a', 'PorquénopuedensimplementehablarenEspañol'],
  ['TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g', 'TạisaohọkhôngthểchỉnóitiếngViệt'],
  ['3B-ww4c5e180e575a65lsy2b', '3年B組金八先生'],
  ['Hello-Another-Way--fc4qua05auwb3674vfr0b', 'Hello-Another-Way-それぞれの場所'],
  ['bcher-kva', 'bücher'],
  ['ls8h', '💩'],
  ['-', ''],
  ['abc-', 'abc'],
  ['', ''],
];

describe('punycode', () => {
  it.each(SAMPLES)('%j says %s', (text, says) => {
    expect(decodePunycode(text)).toBe(says);
  });

  it.each(['a!', 'ü', '99999999', '99999999999999999999999', 'a-z', 'bcher-kv', 'kq0a~'])(
    '%j says nothing',
    (text) => {
      expect(decodePunycode(text)).toBeUndefined();
    },
  );

  it('of any label that the URL parser wrote gives the text that it was written from', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'abcäöüßéñжщя中文字αβ-'),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(letters, (text) => {
        const host = new URL(`https://x${text}x.com`).hostname.replace(/\.com$/, '');
        fc.pre(host.startsWith('xn--') && text === text.normalize('NFC'));
        expect(decodePunycode(host.slice(4))).toBe(`x${text}x`);
      }),
    );
  });

  it('of any text ends, and gives a text or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcxyz0189-') }), (text) => {
        expect(['string', 'undefined']).toContain(typeof decodePunycode(text));
      }),
    );
  });
});
