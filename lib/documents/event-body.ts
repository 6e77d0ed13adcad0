import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { ENVELOPE, EXAMPLE_ENVELOPE } from '../reference/envelope.js';
import { modernSchema } from './modern-schema.js';
import type { JsonSchema } from './schema.js';

const RULES: Readonly<Record<string, JsonSchema>> = {
  id: { pattern: '^evt_[0-9a-f]{32}$' },
  created_at: { format: 'date-time' },
};

/** The body that customers receive. @param data the schema of its data */
export function eventBody({ type, description }: WebhookEventTypeDescription, data: JsonSchema): JsonSchema {
  const properties = ENVELOPE.map(({ name, type: kind, text }) => {
    if (name === 'data') return [name, data];
    if (name === 'event_type') return [name, { type: kind, const: type, description: 'What happened.' }];
    return [name, { type: kind, description: text, ...RULES[name] }];
  });
  return {
    ...(description === '' ? {} : { description }),
    type: 'object',
    properties: Object.fromEntries(properties) as JsonSchema,
    required: ENVELOPE.map(({ name }) => name),
  };
}

/** An example of a body; `undefined` if the catalogue has none. */
export function exampleBody({ type, example }: WebhookEventTypeDescription): JsonSchema | undefined {
  if (Object.keys(example).length === 0) return undefined;
  return { ...EXAMPLE_ENVELOPE, event_type: type, data: example };
}

/** The data is always an object, whatever its schema says. */
export const dataSchema = (schema: JsonSchema): JsonSchema => ({ type: 'object', ...schema });

/** The complete JSON Schema of the body of one type. */
export function eventSchema(event: WebhookEventTypeDescription): JsonSchema {
  const { schema, definitions } = modernSchema(event.schema, {
    root: '#/properties/data',
    definition: (name) => `#/$defs/${name}`,
  });
  const example = exampleBody(event);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: event.type,
    ...eventBody(event, dataSchema(schema)),
    ...(example ? { examples: [example] } : {}),
    ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
  };
}
