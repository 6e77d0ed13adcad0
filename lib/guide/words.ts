const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
] as const;

/** `5 minutes`, `1 hour 30 minutes`. */
export function durationInWords(ms: number): string {
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(counted(count, unit));
  }
  return parts.join(' ') || '0 seconds';
}

export const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

const ORDINALS = [
  'First',
  'Second',
  'Third',
  'Fourth',
  'Fifth',
  'Sixth',
  'Seventh',
  'Eighth',
  'Ninth',
  'Tenth',
];
const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const rules = new Intl.PluralRules('en', { type: 'ordinal' });

/** `First` … `Tenth`, then `11th`. */
export const ordinal = (place: number): string =>
  ORDINALS[place - 1] ?? `${place}${ENDINGS[rules.select(place)]}`;

const UNITS_OF_BYTES = ['bytes', 'KiB', 'MiB', 'GiB'];

/** `256 KiB`; exact if it is not a whole number of KiB. */
export function bytesInWords(bytes: number): string {
  let [count, unit] = [bytes, 0];
  while (count >= 1_024 && count % 1_024 === 0 && unit < UNITS_OF_BYTES.length - 1) {
    count /= 1_024;
    unit++;
  }
  return `${count} ${UNITS_OF_BYTES[unit]}`;
}

/** `platform.connected` as `Platform Connected`. */
export const titleCase = (name: string): string =>
  name
    .split(/[._\s]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
