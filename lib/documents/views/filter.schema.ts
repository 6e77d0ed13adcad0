import type { WebhookFilter } from '../../domain/endpoint-filter.js';
import { MAX_FILTER_DEPTH } from '../../domain/filter-rules.js';
import { COMPONENT, named, type JsonSchema, type SchemaOf } from '../schema.js';

const NAME = 'WebhookFilter';
const inner = { $ref: `${COMPONENT}${NAME}` };
const list: JsonSchema = { type: 'array', items: inner, minItems: 1 };
// Also valid in OpenAPI 3.0, where a nullable value is one schema.
const value: JsonSchema = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] };
const scalar: JsonSchema = { anyOf: [value, { type: 'null' }] };
const ordered: JsonSchema = { anyOf: [{ type: 'number' }, { type: 'string', minLength: 1 }] };

const group = (name: string, schema: JsonSchema, description: string): JsonSchema => ({
  type: 'object',
  description,
  properties: { [name]: schema },
  required: [name],
  additionalProperties: false,
});

const condition: JsonSchema = {
  type: 'object',
  description:
    'A field and one operator. It holds for no event that lacks the field, but for `exists: false`.',
  properties: {
    field: {
      type: 'string',
      maxLength: 256,
      pattern: '^(event_type|data(\\.[^.]+)*)$',
      description:
        'A field of the body, such as `data.platform`; elements of lists by their place: `data.items.0`.',
    },
    equals: { ...scalar, description: 'The value.' },
    in: { type: 'array', items: scalar, minItems: 1, maxItems: 100, description: 'One of these values.' },
    exists: { type: 'boolean', description: 'Whether there is such a field, `null` or not.' },
    startsWith: { type: 'string', minLength: 1, description: 'How the text begins.' },
    contains: {
      ...scalar,
      description: 'A part of the text, in 100 characters at most, or an element of the list.',
    },
    gt: { ...ordered, description: 'Less than the number, or than the text.' },
    gte: { ...ordered, description: 'Not more than the number, or than the text.' },
    lt: { ...ordered, description: 'More than the number, or than the text.' },
    lte: { ...ordered, description: 'Not less than the number, or than the text.' },
  },
  required: ['field'],
  minProperties: 2,
  maxProperties: 2,
  additionalProperties: false,
};

/** Selects which events of its types an endpoint receives. */
export const filter: SchemaOf<WebhookFilter> = named(NAME, {
  json: {
    description: `Conditions on the fields of a body, at most ${MAX_FILTER_DEPTH} groups within each other.`,
    type: 'object',
    properties: {},
    anyOf: [
      condition,
      group('all', list, 'All of them hold.'),
      group('any', list, 'One of them holds, or more.'),
      group('not', inner, 'It does not hold.'),
    ],
  },
  components: {},
});
