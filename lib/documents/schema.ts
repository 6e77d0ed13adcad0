/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 and AsyncAPI 3 take it, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a schema with a name is referred to by, until a document says where it stands. */
export const COMPONENT = '#/components/schemas/';

/**
 * The schema of values of a type. The compiler holds the fields of a view against those of its schema, so that none is
 * missing, and none says too little.
 */
export interface SchemaOf<Value> {
  readonly json: JsonSchema;
  /** The schemas with a name that it refers to. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** Never there: it ties the schema to exactly this type. */
  readonly of?: (value: Value) => Value;
}

export type FieldsOf<View> = { readonly [Name in keyof View]-?: SchemaOf<View[Name]> };

const plain = <Value>(json: JsonSchema): SchemaOf<Value> => ({ json, components: {} });

export const text = (description: string, more: JsonSchema = {}): SchemaOf<string> =>
  plain({ type: 'string', description, ...more });

export const time = (description: string): SchemaOf<string> => text(description, { format: 'date-time' });

export const id = (prefix: 'ep' | 'evt' | 'dlv' | 'att' | 'act', description: string): SchemaOf<string> =>
  text(description, { pattern: `^${prefix}_[0-9a-f]{32}$` });

export const count = (description: string, more: JsonSchema = {}): SchemaOf<number> =>
  plain({ type: 'integer', minimum: 0, description, ...more });

export const flag = (description: string): SchemaOf<boolean> => plain({ type: 'boolean', description });

export const oneOf = <const Value extends string>(
  values: readonly Value[],
  description: string,
): SchemaOf<Value> => plain({ type: 'string', enum: values, description });

/** An object of any names. */
export const mapOf = (description: string): SchemaOf<Record<string, string>> =>
  plain({ type: 'object', additionalProperties: { type: 'string' }, description });

/** JSON of the app's, of which nothing is known here. */
export const anyObject = (description: string): SchemaOf<Readonly<Record<string, unknown>>> =>
  plain({ type: 'object', description });

/** @param about in place of what is said of the value */
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

/** `Value[]`, or `readonly Value[]` where that is asked for. */
export const listOf = <Value, List extends readonly Value[] = Value[]>(
  { json, components }: SchemaOf<Value>,
  description: string,
): SchemaOf<List> => ({
  json: { type: 'array', items: json, description },
  components,
});

/** An object with these fields and, one day, more. */
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

/** The same, as a component of its own. */
export function named<Value>(name: string, { json, components }: SchemaOf<Value>): SchemaOf<Value> {
  return { json: { $ref: `${COMPONENT}${name}` }, components: { ...components, [name]: json } };
}
