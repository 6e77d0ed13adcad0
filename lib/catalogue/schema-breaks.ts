import { valuesOf } from '../reference/constraints.js';
import {
  isNullable,
  isRecord,
  listOf,
  resolve,
  variantsOf,
  type Resolved,
  type Schema,
} from '../reference/resolve.js';

/** A place in the data where the change would break a customer who relies on the earlier schema. */
export interface SchemaBreak {
  /** Such as `data.author.name` or `data.items[].sku`. */
  readonly path: string;
  /** Follows the path in a sentence: `is gone`. */
  readonly problem: string;
}

const MAX_DEPTH = 12;

/**
 * The places where data by the schema `now` may have something that data by the schema `before` could not have.
 * Receivers accept less: fewer values, narrower bounds, a field that is now always there.
 */
export const schemaBreaks = (before: Schema, now: Schema, path = 'data'): SchemaBreak[] =>
  new Comparison(before, now).breaks(resolve(before, before), resolve(now, now), path, 0);

class Comparison {
  constructor(
    private readonly before: Schema,
    private readonly now: Schema,
  ) {}

  breaks(before: Resolved, now: Resolved, path: string, depth: number): SchemaBreak[] {
    if (before.again !== undefined || now.again !== undefined || depth > MAX_DEPTH) return [];
    if (!isKnown(before)) return [];
    if (!isKnown(now)) return [{ path, problem: 'is described no more' }];
    const earlier = variantsOf(before, this.before);
    const nulls = isNullable(now) && !isNullable(before) ? [{ path, problem: 'may be null now' }] : [];
    const found = variantsOf(now, this.now).flatMap((variant) =>
      this.ofVariant(earlier, variant, path, depth),
    );
    return [...nulls, ...found];
  }

  /** Compares with the most similar variant. */
  private ofVariant(earlier: readonly Resolved[], now: Resolved, path: string, depth: number): SchemaBreak[] {
    const all = earlier.map((one) => this.between(one, now, path, depth));
    return all.reduce((least, breaks) => (breaks.length < least.length ? breaks : least));
  }

  private between(before: Resolved, now: Resolved, path: string, depth: number): SchemaBreak[] {
    const type = typeProblem(before.schema, now.schema);
    if (type !== undefined) return [{ path, problem: type }];
    return [
      ...valueProblems(before.schema, now.schema).map((problem) => ({ path, problem })),
      ...this.properties(before, now, path, depth),
      ...this.inner(before, now, 'items', `${path}[]`, depth),
      ...this.inner(before, now, 'additionalProperties', `${path}.*`, depth),
    ];
  }

  private properties(before: Resolved, now: Resolved, path: string, depth: number): SchemaBreak[] {
    const [earlier, later] = [propertiesOf(before), propertiesOf(now)];
    return Object.entries(earlier).flatMap(([name, property]) => {
      const at = `${path}.${name}`;
      if (!Object.hasOwn(later, name)) return [{ path: at, problem: 'is gone' }];
      const missing =
        listOf(before.schema.required).includes(name) && !listOf(now.schema.required).includes(name);
      return [
        ...(missing ? [{ path: at, problem: 'may be missing now' }] : []),
        ...this.breaks(
          resolve(property, this.before, before.refs),
          resolve(later[name], this.now, now.refs),
          at,
          depth + 1,
        ),
      ];
    });
  }

  private inner(
    before: Resolved,
    now: Resolved,
    keyword: 'items' | 'additionalProperties',
    path: string,
    depth: number,
  ): SchemaBreak[] {
    if (!isRecord(before.schema[keyword])) return [];
    return this.breaks(
      resolve(before.schema[keyword], this.before, before.refs),
      resolve(now.schema[keyword], this.now, now.refs),
      path,
      depth + 1,
    );
  }
}

const propertiesOf = ({ schema }: Resolved): Schema => (isRecord(schema.properties) ? schema.properties : {});

const KNOWN_BY = ['type', 'enum', 'const', 'properties', 'items', 'anyOf', 'oneOf', 'additionalProperties'];

const isKnown = ({ schema }: Resolved): boolean => KNOWN_BY.some((keyword) => keyword in schema);

function typeProblem(before: Schema, now: Schema): string | undefined {
  const [earlier, later] = [typesOf(before), typesOf(now)];
  if (earlier.length === 0) return undefined;
  const isCovered = (type: string): boolean =>
    earlier.includes(type) || (type === 'integer' && earlier.includes('number'));
  if (later.length > 0 && later.every(isCovered)) return undefined;
  return `was ${earlier.map(withArticle).join(' or ')}, and is ${later.map(withArticle).join(' or ') || 'anything'} now`;
}

function typesOf(schema: Schema): string[] {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter(
    (type): type is string => typeof type === 'string' && type !== 'null',
  );
  if (types.length > 0) return types;
  const values = schema.const === undefined ? listOf(schema.enum) : [schema.const];
  return [...new Set(values.filter((value) => value !== null).map((value) => typeof value as string))];
}

const withArticle = (type: string): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;

const valueProblems = (before: Schema, now: Schema): string[] => [
  ...enumProblem(before, now),
  ...(before.format !== undefined && before.format !== now.format
    ? [
        `had the format ${String(before.format)}, and has ${now.format === undefined ? 'none' : String(now.format)} now`,
      ]
    : []),
  ...(before.pattern !== undefined && before.pattern !== now.pattern
    ? [
        `matched ${String(before.pattern)}, and ${now.pattern === undefined ? 'need not' : `matches ${String(now.pattern)}`} now`,
      ]
    : []),
  ...UPPER.flatMap((keyword) => boundProblem(before, now, keyword, (was, is) => is <= was)),
  ...LOWER.flatMap((keyword) => boundProblem(before, now, keyword, (was, is) => is >= was)),
];

function enumProblem(before: Schema, now: Schema): string[] {
  const earlier = valuesOf(before);
  if (earlier.length === 0) return [];
  const later = valuesOf(now);
  const known = earlier.join(', ');
  if (later.length === 0) return [`may have any value now, and was one of ${known}`];
  const added = later.filter((value) => !earlier.includes(value));
  return added.length === 0 ? [] : [`may be ${added.join(', ')} now, and was one of ${known}`];
}

const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;

function boundProblem(
  before: Schema,
  now: Schema,
  keyword: string,
  holds: (was: number, is: number) => boolean,
): string[] {
  const [was, is] = [before[keyword], now[keyword]];
  if (typeof was !== 'number' || (typeof is === 'number' && holds(was, is))) return [];
  return [`had the ${keyword} ${was}, and has ${typeof is === 'number' ? is : 'none'} now`];
}
