import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import type { WebhookEventTypeOptions } from './webhook-event-options.js';

type Schema = Readonly<Record<string, unknown>>;

const POINTER = '#/definitions/';
const OPTIONS = { classTransformerMetadataStorage: defaultMetadataStorage, refPointerPrefix: POINTER };

/** JSON Schema of a payload class, with the classes of its properties under `definitions`. */
export function payloadSchema(payload: NonNullable<WebhookEventTypeOptions['payload']>): Schema {
  const schema = { ...targetConstructorToSchema(payload, OPTIONS), title: payload.name };
  const definitions = definitionsFor(schema);
  return Object.keys(definitions).length === 0 ? schema : { ...schema, definitions };
}

function definitionsFor(schema: Schema): Record<string, Schema> {
  const wanted = namesIn(schema);
  if (wanted.length === 0) return {};
  const known = validationMetadatasToSchemas(OPTIONS) as Record<string, Schema>;
  const definitions: Record<string, Schema> = {};
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const definition = known[name];
    if (!definition || name in definitions) continue;
    definitions[name] = definition;
    wanted.push(...namesIn(definition));
  }
  return definitions;
}

/** What the `$ref`s of a schema refer to. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === '$ref' && typeof inner === 'string' ? [inner.slice(POINTER.length)] : namesIn(inner),
  );
}
