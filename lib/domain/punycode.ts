const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_CODE_POINT = 128;

/** Decodes a punycode label without its `xn--` (RFC 3492, section 6.2). `undefined` if it is no punycode. */
export function decodePunycode(text: string): string | undefined {
  const delimiter = text.lastIndexOf('-');
  const points = Array.from(text.slice(0, Math.max(delimiter, 0)), (character) => character.charCodeAt(0));
  const digits = Array.from(text.slice(delimiter + 1), digitOf);
  let at = 0;
  let codePoint = INITIAL_CODE_POINT;
  let bias = INITIAL_BIAS;
  for (let index = 0; index < digits.length; index++) {
    const before = at;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = digits[index];
      if (digit === undefined) return undefined;
      at += digit * weight;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
      index += 1;
    }
    const length = points.length + 1;
    bias = adapt(at - before, length, before === 0);
    codePoint += Math.floor(at / length);
    if (!isScalar(codePoint)) return undefined;
    at %= length;
    points.splice(at++, 0, codePoint);
  }
  return String.fromCodePoint(...points);
}

function digitOf(character: string): number | undefined {
  if (/[a-z]/i.test(character)) return character.toLowerCase().charCodeAt(0) - 97;
  return /\d/.test(character) ? Number(character) + 26 : undefined;
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

/** A code point that is not half of a surrogate pair. */
const isScalar = (point: number): boolean => point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
