import { listOf, isRecord, type Schema } from './resolve.js';
import type { Say, WordsName } from './words.js';

const FORMATS = [
  'date',
  'date-time',
  'time',
  'duration',
  'email',
  'uri',
  'uuid',
  'ipv4',
  'ipv6',
  'hostname',
] as const;

/** The constraints of a schema besides its type, in words. */
export function constraintsOf(schema: Schema, say: Say): string[] {
  const { format, pattern, multipleOf, not } = schema;
  return [
    ...(typeof format === 'string' ? [formatWords(format, say)] : []),
    ...range(schema.minLength, schema.maxLength, 'characters', say),
    ...range(schema.minItems, schema.maxItems, 'items', say),
    ...numbers(schema, say),
    ...(multipleOf === undefined ? [] : [say('multiple', { value: shown(multipleOf) })]),
    ...(typeof pattern === 'string' ? [say('matches', { pattern })] : []),
    ...(schema.uniqueItems === true ? [say('unique')] : []),
    ...(isRecord(not) ? excluded(not, say) : []),
    ...(schema.default === undefined ? [] : [say('default', { value: shown(schema.default) })]),
    ...(schema.deprecated === true ? [say('deprecated')] : []),
  ];
}

function formatWords(format: string, say: Say): string {
  const known = FORMATS.find((one) => one === (format === 'url' ? 'uri' : format));
  return known ? say(known) : say('format', { format });
}

/** The allowed values as JSON; `[]`: any value. */
export const valuesOf = (schema: Schema): string[] =>
  (schema.const === undefined ? listOf(schema.enum) : [schema.const]).map(shown);

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function range(min: unknown, max: unknown, unit: 'characters' | 'items', say: Say): string[] {
  const least = typeof min === 'number' && min > 0 ? min : undefined;
  const most = typeof max === 'number' ? max : undefined;
  const of = (count: number): string => say(unit, { count });
  if (least !== undefined && most !== undefined)
    return [least === most ? of(most) : say('between', { least, most: of(most) })];
  if (most !== undefined) return [say('at-most', { limit: of(most) })];
  if (least === undefined) return [];
  return [least === 1 ? say('not-empty') : say('at-least', { limit: of(least) })];
}

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema, say: Say): string[] {
  if (typeof minimum === 'number' && typeof maximum === 'number' && !exclusiveMinimum && !exclusiveMaximum) {
    return [say('between', { least: minimum, most: maximum })];
  }
  // Draft 4 has a boolean next to the limit, later drafts a separate limit.
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  const limited = (name: WordsName, limit: unknown): string[] =>
    typeof limit === 'number' ? [say(name, { limit })] : [];
  return [
    ...limited('more-than', above),
    ...(above === minimum ? [] : limited('at-least', minimum)),
    ...limited('less-than', below),
    ...(below === maximum ? [] : limited('at-most', maximum)),
  ];
}

function excluded(not: Schema, say: Say): string[] {
  if (not.type === 'null') return [say('not-null')];
  const values = valuesOf(not);
  return values.length > 0 ? [say('not', { values: values.join(', ') })] : [];
}
