import type { IdPrefix } from '../domain/id.js';

/** A JSON Schema of draft 2020-12, or a part of one. OpenAPI 3.1 and AsyncAPI 3 use that draft. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The prefix of references to a named schema, until a document decides where to place it. */
export const COMPONENT = '#/components/schemas/';

/**
 * The schema of values of a type. The compiler compares the fields of a view with those of its schema, so none is
 * missing or too loose.
 */
export interface SchemaOf<Value> {
  readonly json: JsonSchema;
  /** The named schemas that it refers to. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** Never set: it binds the schema to exactly this type. */
  readonly of?: (value: Value) => Value;
}

export type FieldsOf<View> = { readonly [Name in keyof View]-?: SchemaOf<View[Name]> };

const plain = <Value>(json: JsonSchema): SchemaOf<Value> => ({ json, components: {} });

export const text = (description: string, more: JsonSchema = {}): SchemaOf<string> =>
  plain({ type: 'string', description, ...more });

export const time = (description: string): SchemaOf<string> => text(description, { format: 'date-time' });

export const id = (prefix: IdPrefix, description: string): SchemaOf<string> =>
  text(description, { pattern: `^${prefix}_[0-9a-f]{32}$` });

export const count = (description: string, more: JsonSchema = {}): SchemaOf<number> =>
  plain({ type: 'integer', minimum: 0, description, ...more });

export const flag = (description: string): SchemaOf<boolean> => plain({ type: 'boolean', description });

export const oneOf = <const Value extends string>(
  values: readonly Value[],
  description: string,
): SchemaOf<Value> => plain({ type: 'string', enum: values, description });

/** An object with any keys. */
export const mapOf = (description: string): SchemaOf<Record<string, string>> =>
  plain({ type: 'object', additionalProperties: { type: 'string' }, description });

/** Any JSON. */
export const anyValue = (description: string): SchemaOf<unknown> => plain({ description });

/** Any of these types. OpenAPI 3.0 has no list of types. */
export const anyType = (...types: readonly string[]): JsonSchema => ({
  anyOf: types.map((type) => ({ type })),
});

/** Values of a sentence, by their names. */
export const params = (description: string): SchemaOf<Readonly<Record<string, string | number>>> =>
  plain({ type: 'object', additionalProperties: anyType('string', 'number'), description });

/** JSON of the app, with unknown contents. */
export const anyObject = (description: string): SchemaOf<Readonly<Record<string, unknown>>> =>
  plain({ type: 'object', description });

/** @param about replaces the description of the value */
export function nullable<Value>(
  { json, components }: SchemaOf<Value>,
  about?: string,
): SchemaOf<Value | null> {
  const { type, description = about, ...rest } = json;
  const described = description === undefined ? {} : { description };
  if (typeof type !== 'string') {
    return { json: { anyOf: [rest, { type: 'null' }], ...described }, components };
  }
  const values = Array.isArray(rest.enum) ? { enum: [...(rest.enum as unknown[]), null] } : {};
  return { json: { type: [type, 'null'], ...described, ...rest, ...values }, components };
}

/** `Value[]`, or `readonly Value[]` if requested. */
export const listOf = <Value, List extends readonly Value[] = Value[]>(
  { json, components }: SchemaOf<Value>,
  description: string,
): SchemaOf<List> => ({
  json: { type: 'array', items: json, description },
  components,
});

/** An object with these fields; later versions may add more. */
export function object<View>(description: string, fields: FieldsOf<View>): SchemaOf<View> {
  const all = Object.entries<SchemaOf<never>>(fields as unknown as Record<string, SchemaOf<never>>);
  const properties = Object.fromEntries(all.map(([name, { json }]) => [name, json]));
  return {
    json: { type: 'object', description, properties, required: Object.keys(properties) },
    components: Object.assign({}, ...all.map(([, { components }]) => components)) as Record<
      string,
      JsonSchema
    >,
  };
}

/** The same, as a component with a name. */
export function named<Value>(name: string, { json, components }: SchemaOf<Value>): SchemaOf<Value> {
  return { json: { $ref: `${COMPONENT}${name}` }, components: { ...components, [name]: json } };
}
