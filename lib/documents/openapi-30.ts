import { isRecord } from '../reference/resolve.js';
import type { JsonSchema } from './schema.js';

/** Keywords whose values are not schemas. */
const VALUES: ReadonlySet<string> = new Set(['enum', 'default', 'example']);

/**
 * Converts our own schemas, or anything that contains some, to OpenAPI 3.0: `nullable` in place of the type `null`.
 * `@nestjs/swagger` converts it back for a document of 3.1.
 */
export function inOpenApi30<Value>(value: Value): Value {
  return converted(value) as Value;
}

function converted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(converted);
  if (!isRecord(value)) return value;
  const schema = Object.fromEntries(
    Object.entries(value)
      // 3.0 does not have it.
      .filter(([key]) => key !== 'contentMediaType')
      .map(([key, inner]) => [key, VALUES.has(key) ? inner : converted(inner)]),
  );
  return withoutNull(schema);
}

function withoutNull(schema: JsonSchema): JsonSchema {
  const { type, anyOf, ...rest } = schema;
  if (Array.isArray(type) && type.includes('null')) {
    return { type: type.find((one) => one !== 'null') as string, ...rest, nullable: true };
  }
  const choices = Array.isArray(anyOf) ? (anyOf as JsonSchema[]) : [];
  const others = choices.filter((choice) => choice.type !== 'null');
  if (others.length === choices.length) return schema;
  const [only, ...more] = others;
  if (more.length > 0) return { ...rest, anyOf: others, nullable: true };
  // 3.0 ignores everything next to a reference.
  return only && '$ref' in only
    ? { ...rest, allOf: [only], nullable: true }
    : { ...only, ...rest, nullable: true };
}
