import { listOf, isRecord, type Schema } from './resolve.js';

const FORMATS: Readonly<Record<string, string>> = {
  date: 'a date (2026-01-31)',
  'date-time': 'a time in ISO 8601',
  time: 'a time of day',
  duration: 'a duration in ISO 8601',
  email: 'an email address',
  uri: 'a URL',
  url: 'a URL',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
};

/** What a schema asks of a value beside its type, in words. */
export function constraintsOf(schema: Schema): string[] {
  const { format, pattern, multipleOf, not } = schema;
  return [
    ...(typeof format === 'string' ? [FORMATS[format] ?? `format ${format}`] : []),
    ...range(schema.minLength, schema.maxLength, 'character'),
    ...range(schema.minItems, schema.maxItems, 'item'),
    ...numbers(schema),
    ...(multipleOf === undefined ? [] : [`a multiple of ${shown(multipleOf)}`]),
    ...(typeof pattern === 'string' ? [`matches ${pattern}`] : []),
    ...(schema.uniqueItems === true ? ['no item twice'] : []),
    ...(isRecord(not) ? excluded(not) : []),
    ...(schema.default === undefined ? [] : [`${shown(schema.default)} by default`]),
    ...(schema.deprecated === true ? ['deprecated'] : []),
  ];
}

/** The values that are allowed, as JSON writes them; `[]` for any. */
export const valuesOf = (schema: Schema): string[] =>
  (schema.const === undefined ? listOf(schema.enum) : [schema.const]).map(shown);

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function range(min: unknown, max: unknown, unit: string): string[] {
  const least = typeof min === 'number' && min > 0 ? min : undefined;
  const most = typeof max === 'number' ? max : undefined;
  const of = (count: number): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (least !== undefined && most !== undefined)
    return [least === most ? of(most) : `${least} to ${of(most)}`];
  if (most !== undefined) return [`at most ${of(most)}`];
  if (least === undefined) return [];
  return [least === 1 ? 'not empty' : `at least ${of(least)}`];
}

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string[] {
  if (typeof minimum === 'number' && typeof maximum === 'number' && !exclusiveMinimum && !exclusiveMaximum) {
    return [`${minimum} to ${maximum}`];
  }
  // Draft 4 has a flag beside the limit, later drafts a limit of its own.
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  return [
    ...(typeof above === 'number' ? [`more than ${above}`] : []),
    ...(typeof minimum === 'number' && above !== minimum ? [`at least ${minimum}`] : []),
    ...(typeof below === 'number' ? [`less than ${below}`] : []),
    ...(typeof maximum === 'number' && below !== maximum ? [`at most ${maximum}`] : []),
  ];
}

function excluded(not: Schema): string[] {
  if (not.type === 'null') return ['not null'];
  const values = valuesOf(not);
  return values.length > 0 ? [`not ${values.join(', ')}`] : [];
}
