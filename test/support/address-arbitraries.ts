import * as fc from 'fast-check';
import { dotted, EMBEDDING_IPV4, hex8, SPECIAL_IPV4, SPECIAL_IPV6, toInteger } from './special-addresses.js';

const MAX_IPV4 = 2 ** 32 - 1;
const MAX_IPV6 = 2n ** 128n - 1n;

const toDigits = (value: bigint): string => value.toString(16).padStart(32, '0');
const around = (value: bigint): bigint[] =>
  [value - 1n, value, value + 1n].filter((near) => near >= 0n && near <= MAX_IPV6);

/** Any IPv4 address as an integer. Half of them are inside a special block or at its edges. */
export const ipv4 = (): fc.Arbitrary<number> => {
  const ranges = SPECIAL_IPV4.map(({ first, last }) => ({ min: toInteger(first), max: toInteger(last) }));
  const edges = ranges.flatMap(({ min, max }) => [min - 1, min, max, max + 1]);
  return fc.oneof(
    fc.nat({ max: MAX_IPV4 }),
    fc.constantFrom(...edges.filter((edge) => edge >= 0 && edge <= MAX_IPV4)),
    fc.constantFrom(...ranges).chain((range) => fc.integer(range)),
  );
};

/** Any IPv6 address as its 32 digits. Most are near special addresses, or global unicast. */
export const ipv6 = (): fc.Arbitrary<string> => {
  const ranges = SPECIAL_IPV6.map(({ first, last }) => ({
    min: BigInt(`0x${first.padEnd(32, '0')}`),
    max: BigInt(`0x${last.padEnd(32, 'f')}`),
  }));
  const edges = ranges.flatMap(({ min, max }) => [...around(min), ...around(max)]);
  const embedding = fc.constantFrom(...Object.values(EMBEDDING_IPV4));
  return fc.oneof(
    fc.bigInt({ min: 0n, max: MAX_IPV6 }).map(toDigits),
    fc.bigInt({ min: 2n ** 125n, max: 2n ** 126n - 1n }).map(toDigits),
    fc.constantFrom(...edges).map(toDigits),
    fc
      .constantFrom(...ranges)
      .chain((range) => fc.bigInt(range))
      .map(toDigits),
    fc.tuple(embedding, ipv4()).map(([prefix, value]) => prefix + hex8(value)),
  );
};

/** Replaces each character with one of the spellings that `choices` returns for it. */
export const spelled = (text: string, choices: (character: string) => string[]): fc.Arbitrary<string> =>
  fc
    .tuple(...[...text].map((character) => fc.constantFrom(character, ...choices(character))))
    .map((characters) => characters.join(''));

const anyCase = (text: string): fc.Arbitrary<string> =>
  spelled(text, (character) => [character.toUpperCase()]);

/**
 * An RFC 4291 spelling: in any case, with or without leading zeros, with one run of zeros left out or not,
 * with a dotted end or not.
 */
export const ipv6Spelling = (digits: string): fc.Arbitrary<string> =>
  fc
    .record({
      dottedEnd: fc.boolean(),
      padded: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      from: fc.nat({ max: 7 }),
      zeros: fc.nat({ max: 8 }),
    })
    .map(({ dottedEnd, padded, from, zeros }) => {
      const groups = digits.match(/.{4}/g) as string[];
      let parts = groups.map((group, n) => (padded[n] ? group : Number.parseInt(group, 16).toString(16)));
      if (dottedEnd) parts = [...parts.slice(0, 6), dotted(Number.parseInt(groups.slice(6).join(''), 16))];
      const left = parts.slice(from, from + zeros);
      if (left.length === 0 || !left.every((part) => /^0+$/.test(part))) return parts.join(':');
      return `${parts.slice(0, from).join(':')}::${parts.slice(from + zeros).join(':')}`;
    })
    .chain(anyCase);

/** The spellings of one number of an IPv4 address that `inet_aton` and the URL standard accept. */
const ipv4Number = (value: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('', '0', '0x', '0x000', '0000'), fc.constant(value))
    .map(([prefix, number]) => {
      if (prefix === '') return String(number);
      return prefix + number.toString(prefix.includes('x') ? 16 : 8);
    })
    .chain(anyCase);

const CIRCLED = '⓪①②③④⑤⑥⑦⑧⑨';

/** Characters that domain-to-ASCII maps to this one, and its percent-encoding. */
export const lookalikes = (character: string): string[] => {
  const code = character.codePointAt(0) ?? 0;
  const encoded = `%${code.toString(16).padStart(2, '0')}`;
  if (character === '.') return ['。', '．', '｡', encoded, encoded.toUpperCase()];
  const fullWidth = String.fromCodePoint(code + 0xfee0);
  if (/\d/.test(character)) return [encoded, fullWidth, CIRCLED[Number(character)] as string];
  if (/[a-z]/.test(character)) {
    const offset = code - 0x61;
    const styled = [0x24d0, 0x1d41a, 0x1d4ea].map((first) => String.fromCodePoint(first + offset));
    return [encoded, fullWidth, character.toUpperCase(), ...styled];
  }
  return [encoded];
};

/** Invisible characters that domain-to-ASCII drops. */
const DROPPED = ['\u00ad', '\u200b', '\u2060', '\ufe0f'];

/** Spellings of a host that a person or an attacker may use: look-alikes, dropped characters, a final dot. */
export const disguised = (host: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      spelled(host, lookalikes),
      fc.option(fc.tuple(fc.constantFrom(...DROPPED), fc.nat({ max: host.length })), { nil: undefined }),
      fc.constantFrom('', '', '.', '。', '%2E'),
    )
    .map(([text, dropped, dot]) => {
      if (!dropped || text.includes('%')) return text + dot;
      const characters = [...text];
      return characters.toSpliced(dropped[1], 0, dropped[0]).join('') + dot;
    });

/**
 * Writes an address as 1 to 4 numbers, each decimal, octal or hexadecimal, and disguises it. The last number
 * holds the rest of the address.
 */
export const ipv4Spelling = (value: number): fc.Arbitrary<string> =>
  fc
    .integer({ min: 1, max: 4 })
    .chain((count) => {
      const octets = dotted(value).split('.').map(Number);
      const last = octets.slice(count - 1).reduce((rest, octet) => rest * 256 + octet, 0);
      return fc.tuple(...[...octets.slice(0, count - 1), last].map(ipv4Number));
    })
    .chain((numbers) => fc.oneof(fc.constant(numbers.join('.')), disguised(numbers.join('.').toLowerCase())));
