import { fieldProblem, type AnyCoded } from './field-problems.js';
import type { WebhookFieldProblem } from './webhooks.error.js';

type Schema = Readonly<Record<string, unknown>>;

/** References may form a circle. */
const MAX_DEPTH = 64;
/** Longer texts are not matched: some of the app's patterns take exponentially long on a hostile text. */
const MAX_MATCHED = 1_000;

/**
 * Lists where a value breaks its JSON Schema, with paths. Accepts any draft. Keywords that we don't know, and `format`,
 * allow everything.
 * @param field the path of the value itself
 */
export function schemaProblems(schema: unknown, value: unknown, field: string): WebhookFieldProblem[] {
  const root = isRecord(schema) ? schema : {};
  return problemsOf(schema, value, { field, root, depth: 0 });
}

interface Place {
  readonly field: string;
  readonly root: Schema;
  readonly depth: number;
}

function problemsOf(schema: unknown, value: unknown, place: Place): WebhookFieldProblem[] {
  if (schema === false) return [problem(place, ['must be left out.', 'not-allowed'])];
  if (!isRecord(schema) || place.depth > MAX_DEPTH) return [];
  if (schema.nullable === true && value === null) return [];
  const own = ownProblems(schema, value).map((broken) => problem(place, broken));
  // A value of another type breaks the other rules as well, which would say nothing new.
  if (own.length > 0) return own;
  return [
    ...referred(schema, value, place),
    ...combined(schema, value, place),
    ...inner(schema, value, place),
  ];
}

type Broken = readonly [text: string, ...coded: AnyCoded];

const problem = ({ field }: Place, [text, ...coded]: Broken): WebhookFieldProblem =>
  fieldProblem(field, `${field} ${text}`, ...coded);

function ownProblems(schema: Schema, value: unknown): Broken[] {
  const types = listOf(schema.type);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    const text = `must be ${types.map(String).join(' or ')}, got ${typeOf(value)}.`;
    return [[text, 'wrong-type', { types: types.map(String).join(', ') }]];
  }
  const values = schema.const === undefined ? schema.enum : [schema.const];
  if (Array.isArray(values) && !values.some((one) => isSame(one, value))) {
    const texts = values.map((one) => JSON.stringify(one));
    return [[`must be ${texts.join(' or ')}.`, 'not-one-of', { values: texts.join(', ') }]];
  }
  if (typeof value === 'string') return textProblems(schema, value);
  if (typeof value === 'number') return numberProblems(schema, value);
  return Array.isArray(value) ? rangeProblems(value.length, schema.minItems, schema.maxItems, 'items') : [];
}

function textProblems({ minLength, maxLength, pattern }: Schema, text: string): Broken[] {
  const lengths = rangeProblems([...text].length, minLength, maxLength, 'characters');
  if (lengths.length > 0 || typeof pattern !== 'string' || text.length > MAX_MATCHED) return lengths;
  return matches(pattern, text) ? [] : [[`must match ${pattern}.`, 'not-matching', { pattern }]];
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function rangeProblems(size: number, least: unknown, most: unknown, unit: 'items' | 'characters'): Broken[] {
  const isText = unit === 'characters';
  if (typeof least === 'number' && size < least) {
    const text = `must have ${least} ${unit} at least, got ${size}.`;
    return [[text, isText ? 'too-short' : 'too-few-items', { least }]];
  }
  if (typeof most !== 'number' || size <= most) return [];
  return [
    [`must have ${most} ${unit} at most, got ${size}.`, isText ? 'too-long' : 'too-many-items', { most }],
  ];
}

/** Draft 4 has a flag beside the limit; later drafts have a separate limit. */
function numberProblems(schema: Schema, value: number): Broken[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum;
  const rules: [unknown, (limit: number) => boolean, string, (limit: number) => AnyCoded][] = [
    [minimum, (limit) => value >= limit, 'at least', (least) => ['too-small', { least }]],
    [maximum, (limit) => value <= limit, 'at most', (most) => ['too-large', { most }]],
    [above, (limit) => value > limit, 'more than', (limit) => ['not-above', { limit }]],
    [below, (limit) => value < limit, 'less than', (limit) => ['not-below', { limit }]],
  ];
  const broken = rules.find(([limit, holds]) => typeof limit === 'number' && !holds(limit));
  if (!broken) return [];
  const [limit, , words, coded] = broken;
  return [[`must be ${words} ${String(limit)}, got ${value}.`, ...coded(limit as number)]];
}

function referred({ $ref }: Schema, value: unknown, place: Place): WebhookFieldProblem[] {
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) return [];
  const steps = $ref.slice(1).split('/').filter(Boolean);
  const target = steps
    .map((step) => decode(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, step) => (isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined),
      place.root,
    );
  return problemsOf(target, value, { ...place, depth: place.depth + 1 });
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function combined({ allOf, anyOf, oneOf, not }: Schema, value: unknown, place: Place): WebhookFieldProblem[] {
  const deeper = { ...place, depth: place.depth + 1 };
  const of = (schema: unknown): WebhookFieldProblem[] => problemsOf(schema, value, deeper);
  const choices = [anyOf, oneOf].filter(Array.isArray).flatMap((list: unknown[]) => {
    const tried = list.map(of);
    if (tried.length === 0 || tried.some((problems) => problems.length === 0)) return [];
    // Report the variant with the fewest problems.
    return tried.reduce((fewest, problems) => (problems.length < fewest.length ? problems : fewest));
  });
  const excluded =
    isRecord(not) && of(not).length === 0
      ? [problem(place, ['has a form that is excluded.', 'not-allowed'])]
      : [];
  return [...(Array.isArray(allOf) ? allOf.flatMap(of) : []), ...choices, ...excluded];
}

function inner(schema: Schema, value: unknown, place: Place): WebhookFieldProblem[] {
  const at = (path: string): Place => ({ ...place, field: place.field + path, depth: place.depth + 1 });
  if (Array.isArray(value)) {
    const first = Array.isArray(schema.items)
      ? schema.items
      : ((schema.prefixItems as unknown[] | undefined) ?? []);
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    return value.flatMap((item, index) =>
      problemsOf(index < first.length ? first[index] : rest, item, at(`[${index}]`)),
    );
  }
  if (!isRecord(value)) return [];
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const missing = Array.isArray(schema.required)
    ? schema.required.filter((name) => !Object.hasOwn(value, String(name)))
    : [];
  const others = isRecord(schema.patternProperties) ? undefined : schema.additionalProperties;
  return [
    ...missing.map((name) => problem(at(`.${String(name)}`), ['is missing.', 'required'])),
    ...Object.entries(value).flatMap(([name, item]) =>
      problemsOf(Object.hasOwn(properties, name) ? properties[name] : others, item, at(`.${name}`)),
    ),
  ];
}

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return typeOf(value) === type;
}

/** Compares as JSON. The order of properties does not matter in practice: enums contain texts and numbers. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
