/** A JSON Schema, or a part of one, of any draft. Unknown keywords are ignored. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Resolved {
  readonly schema: Schema;
  /** The references followed so far. */
  readonly refs: readonly string[];
  /** The name of the reference, if it leads back to one of those. */
  readonly again?: string;
}

export const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Follows `$ref` and merges `allOf`. If a reference leads nowhere, keeps what is next to it. */
export function resolve(value: unknown, root: Schema, refs: readonly string[] = []): Resolved {
  const schema = isRecord(value) ? value : {};
  const { $ref, allOf, ...rest } = schema;
  if (typeof $ref === 'string') {
    if (refs.includes($ref)) return { schema: rest, refs, again: nameOf($ref) };
    const target = resolve(lookUp($ref, root), root, [...refs, $ref]);
    return { ...target, schema: merged(target.schema, allOf === undefined ? rest : { ...rest, allOf }) };
  }
  return listOf(allOf)
    .map((part) => resolve(part, root, refs))
    .reduce<Resolved>(
      (whole, part) => ({
        ...part,
        schema: merged(whole.schema, part.schema),
        refs: [...new Set([...whole.refs, ...part.refs])],
      }),
      { schema: rest, refs },
    );
}

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** Resolves `#/definitions/Post`, or any other place in the same schema. */
function lookUp(ref: string, root: Schema): unknown {
  if (!ref.startsWith('#')) return undefined;
  return ref
    .slice(1)
    .split('/')
    .filter((step) => step !== '')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (place, step) => (isRecord(place) && Object.hasOwn(place, step) ? place[step] : undefined),
      root,
    );
}

const merged = (base: Schema, more: Schema): Schema => ({
  ...base,
  ...more,
  ...(base.properties || more.properties
    ? { properties: { ...(base.properties as Schema), ...(more.properties as Schema) } }
    : {}),
  ...(base.required || more.required
    ? { required: [...listOf(base.required), ...listOf(more.required)] }
    : {}),
});

/** The variants of a value; the schema itself if there is no choice. `null` does not count as a variant. */
export function variantsOf(resolved: Resolved, root: Schema): readonly Resolved[] {
  const { anyOf, oneOf, ...rest } = resolved.schema;
  const choices = [...listOf(anyOf), ...listOf(oneOf)];
  if (choices.length === 0) return [resolved];
  return choices
    .map((choice) => resolve(choice, root, resolved.refs))
    .filter(({ schema }) => schema.type !== 'null')
    .map((choice) => ({ ...choice, schema: merged(rest, choice.schema) }));
}

/** Whether the value may be `null`. */
export function isNullable({ schema }: Resolved): boolean {
  const choices = [...listOf(schema.anyOf), ...listOf(schema.oneOf)];
  return (
    schema.nullable === true ||
    listOf(schema.type).includes('null') ||
    choices.some((choice) => isRecord(choice) && choice.type === 'null')
  );
}
