import { constraintsOf, valuesOf } from './constraints.js';
import { isNullable, isRecord, listOf, resolve, variantsOf, type Resolved, type Schema } from './resolve.js';
import type { Say } from './words.js';

/** One row of the table of fields. */
export interface SchemaField {
  /** The prefix of the name, such as `author.` or `items[].`. */
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  readonly constraints: readonly string[];
  readonly values: readonly string[];
}

const MAX_DEPTH = 6;
/** A bound: definitions that refer to each other could produce any number of rows. */
const MAX_FIELDS = 400;

/** The fields of an object's JSON Schema. Those of nested objects and arrays follow directly. */
export function fieldsOf(schema: Schema, say: Say): SchemaField[] {
  const fields: SchemaField[] = [];
  collect({ fields, root: schema, say }, resolve(schema, schema), '', 0);
  return fields;
}

interface Collection {
  readonly fields: SchemaField[];
  readonly root: Schema;
  readonly say: Say;
}

function collect(all: Collection, parent: Resolved, path: string, depth: number): void {
  const { fields, root, say } = all;
  if (parent.again !== undefined || depth > MAX_DEPTH) return;
  const variants = variantsOf(parent, root);
  for (const variant of variants) {
    const required = variants.length === 1 ? listOf(variant.schema.required) : [];
    for (const [name, property] of propertiesOf(variant.schema, say)) {
      if (fields.length >= MAX_FIELDS) return;
      const resolved = resolve(property, root, variant.refs);
      fields.push(fieldOf(all, resolved, { path, name, depth, required: required.includes(name) }));
      const inner = innermost(resolved, root);
      collect(all, inner.resolved, `${path}${name}${inner.brackets}.`, depth + 1);
    }
  }
}

function propertiesOf({ properties, additionalProperties }: Schema, say: Say): [string, unknown][] {
  return [
    ...(isRecord(properties) ? Object.entries(properties) : []),
    ...(isRecord(additionalProperties) ? [[say('any-key'), additionalProperties] as [string, unknown]] : []),
  ];
}

type Place = Pick<SchemaField, 'path' | 'name' | 'depth' | 'required'>;

function fieldOf({ root, say }: Collection, resolved: Resolved, place: Place): SchemaField {
  const variants = variantsOf(resolved, root);
  const { schema } = resolved;
  const items = variants.flatMap((variant) => leavesOf(variant, root)).map((item) => item.schema);
  const constraints = variants.map((variant) => constraintsOf(variant.schema, say));
  const types = new Set(variants.map((variant) => typeOf(variant, root, say)));
  return {
    ...place,
    type: either([...types, ...(isNullable(resolved) ? ['null'] : [])], say),
    description: String(schema.description ?? variants[0]?.schema.description ?? ''),
    constraints: [
      ...alternatives(constraints, say),
      ...items.flatMap((item) => constraintsOf(item, say)).map((constraint) => say('each', { constraint })),
    ],
    values: [...new Set([...variants.map((variant) => variant.schema), ...items].flatMap(valuesOf))],
  };
}

/** For example, a date or a time: "or" separates the constraints of the variants. */
const alternatives = (constraints: readonly string[][], say: Say): string[] =>
  constraints.length === 1
    ? constraints[0]!
    : [
        either(
          constraints.filter((some) => some.length > 0).map((some) => some.join(', ')),
          say,
        ),
      ].filter(Boolean);

const either = (texts: Iterable<string>, say: Say): string => [...texts].join(` ${say('or')} `);

function typeOf(resolved: Resolved, root: Schema, say: Say): string {
  if (resolved.again !== undefined) return say('again', { path: resolved.again });
  const { schema } = resolved;
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter(
    (type) => typeof type === 'string' && type !== 'null',
  );
  if (types.length > 1) return either(types.map(String), say);
  if (types[0] === 'array' || schema.items) {
    const of = new Set(itemsOf(resolved, root).map((item) => typeOf(item, root, say)));
    return of.size > 0 ? say('array-of', { types: either(of, say) }) : 'array';
  }
  return types.length === 1 ? String(types[0]) : guessedType(schema, resolved.refs, say);
}

function guessedType(schema: Schema, refs: readonly string[], say: Say): string {
  const values = schema.const === undefined ? listOf(schema.enum) : [schema.const];
  const types = new Set(values.map((value) => (value === null ? 'null' : typeof value)));
  if (types.size > 0) return either(types, say);
  // A reference that leads nowhere most likely means a class, so it is shown as an object.
  return schema.properties || schema.additionalProperties || refs.length > 0 ? 'object' : 'any';
}

function itemsOf(resolved: Resolved, root: Schema): readonly Resolved[] {
  const { items } = resolved.schema;
  return isRecord(items) ? variantsOf(resolve(items, root, resolved.refs), root) : [];
}

/** The items of an array, also of nested arrays. */
const leavesOf = (resolved: Resolved, root: Schema): readonly Resolved[] =>
  itemsOf(resolved, root).flatMap((item) => [item, ...leavesOf(item, root)]);

/** Goes through arrays to their items: the fields of the objects in `lines` are at `lines[]`. */
function innermost(
  resolved: Resolved,
  root: Schema,
  brackets = '',
): { resolved: Resolved; brackets: string } {
  const { items } = resolved.schema;
  if (!isRecord(items) || resolved.again !== undefined) return { resolved, brackets };
  return innermost(resolve(items, root, resolved.refs), root, `${brackets}[]`);
}
