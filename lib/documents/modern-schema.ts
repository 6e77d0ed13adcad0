import { isRecord } from '../reference/resolve.js';
import type { JsonSchema } from './schema.js';

/** Where a document places a schema and its definitions. */
export interface SchemaPlace {
  /** A JSON pointer, such as `#/properties/data`. */
  readonly root: string;
  readonly definition: (name: string) => string;
}

export interface ModernSchema {
  readonly schema: JsonSchema;
  /** The definitions, by the names that the schema uses. */
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs']);
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SINGLE: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'not',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
/** Removed from a standalone schema. Its `type` contains `null` instead of `nullable`. */
const LEFT_OUT: ReadonlySet<string> = new Set(['$schema', '$id', 'nullable']);

/** Converts a schema of any draft, or of OpenAPI 3.0, to draft 2020-12. Removes references that lead nowhere. */
export function modernSchema(schema: JsonSchema, place: SchemaPlace): ModernSchema {
  const { definitions, $defs, ...rest } = schema;
  const found = { ...(isRecord(definitions) ? definitions : {}), ...(isRecord($defs) ? $defs : {}) };
  const modern = new Modernisation(place, new Set(Object.keys(found)));
  return {
    schema: modern.schema(rest) as JsonSchema,
    definitions: Object.fromEntries(
      Object.entries(found).map(([name, one]) => [name, modern.schema(one) as JsonSchema]),
    ),
  };
}

class Modernisation {
  constructor(
    private readonly place: SchemaPlace,
    private readonly known: ReadonlySet<string>,
  ) {}

  schema(value: unknown): unknown {
    if (!isRecord(value)) return typeof value === 'boolean' ? value : {};
    const entries = Object.entries(value).flatMap(([key, inner]) => this.keyword(key, inner, value));
    const schema = Object.fromEntries(entries) as Record<string, unknown>;
    return value.nullable === true ? orNull(schema) : schema;
  }

  private keyword(key: string, inner: unknown, schema: JsonSchema): [string, unknown][] {
    // Up to draft 4, `id` in place of `$id`.
    if (LEFT_OUT.has(key) || (key === 'id' && typeof inner === 'string')) return [];
    if (key === '$ref') return this.reference(inner);
    if (key === 'definitions') return [['$defs', this.map(inner)]];
    if (MAPS.has(key)) return [[key, this.map(inner)]];
    if (key === 'items' && Array.isArray(inner)) return [['prefixItems', this.list(inner)]];
    if (key === 'additionalItems') return Array.isArray(schema.items) ? [['items', this.schema(inner)]] : [];
    if (LISTS.has(key)) return [[key, this.list(inner)]];
    if (SINGLE.has(key)) return [[key, this.schema(inner)]];
    if (key === 'example') return [['examples', [inner]]];
    if (key === 'required' && !Array.isArray(inner)) return [];
    return bound(key, inner, schema) ?? [[key, inner]];
  }

  private reference(ref: unknown): [string, unknown][] {
    if (typeof ref !== 'string') return [];
    const [, name] = /^#\/(?:definitions|\$defs)\/([^/]+)$/.exec(ref) ?? [];
    if (name !== undefined) return this.known.has(name) ? [['$ref', this.place.definition(name)]] : [];
    return [['$ref', ref.startsWith('#') ? this.place.root + ref.slice(1) : ref]];
  }

  private map(value: unknown): unknown {
    if (!isRecord(value)) return {};
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.schema(inner)]));
  }

  private list(value: unknown): unknown {
    return Array.isArray(value) ? value.map((inner) => this.schema(inner)) : [];
  }
}

/** Up to draft 4, a boolean next to the limit says whether the limit is exclusive. */
function bound(key: string, inner: unknown, schema: JsonSchema): [string, unknown][] | undefined {
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (key === exclusive && typeof inner === 'boolean') return [];
    if (key === limit && schema[exclusive] === true) return [[exclusive, inner]];
  }
  return undefined;
}

function orNull({ type, ...rest }: Record<string, unknown>): JsonSchema {
  if (typeof type !== 'string')
    return { anyOf: [type === undefined ? rest : { type, ...rest }, { type: 'null' }] };
  const values =
    Array.isArray(rest.enum) && !rest.enum.includes(null)
      ? { enum: [...(rest.enum as unknown[]), null] }
      : {};
  return { type: [type, 'null'], ...rest, ...values };
}
