import { valueAt, type TemplatePath } from '../domain/representation/template.js';
import type { WebhookEventTypeDescription } from './event-catalogue.js';

type Schema = Readonly<Record<string, unknown>>;

/** The fields of an event besides its data, by the names of the envelope. */
const ENVELOPE = ['id', 'event_type', 'created_at'];

/**
 * Whether events of a type may have this path: their example or their schema has it. If the type has neither, every
 * path is possible.
 */
export function knowsPath({ example, schema }: WebhookEventTypeDescription, path: TemplatePath): boolean {
  const [first, ...rest] = path;
  if (first !== 'data') return rest.length === 0 && ENVELOPE.includes(first!);
  if (rest.length === 0 || valueAt(example, rest) !== undefined) return true;
  const says = Object.keys(schema).length > 0;
  return says ? mayHave(schema, rest, schema, MAX_STEPS) : Object.keys(example).length === 0;
}

/** Schemas may refer to themselves. */
const MAX_STEPS = 100;

function mayHave(schema: Schema, path: TemplatePath, root: Schema, steps: number): boolean {
  if (steps === 0) return false;
  const [name, ...rest] = path;
  if (name === undefined) return true;
  const { $ref, properties, items, additionalProperties } = schema;
  const into = (inner: unknown, left: TemplatePath = rest): boolean =>
    isSchema(inner) && mayHave(inner, left, root, steps - 1);
  if (typeof $ref === 'string') return into(referred(root, $ref), path);
  const choices = ['allOf', 'anyOf', 'oneOf'].flatMap(
    (word) => (schema[word] as unknown[] | undefined) ?? [],
  );
  if (choices.some((choice) => into(choice, path))) return true;
  if (isSchema(properties) && Object.hasOwn(properties, name)) return into(properties[name]);
  if (isSchema(items)) return /^\d+$/.test(name) && into(items);
  if (isSchema(additionalProperties)) return into(additionalProperties);
  // An object without properties allows everything.
  return (
    choices.length === 0 && properties === undefined && ['object', undefined].includes(schema.type as string)
  );
}

/** `#/definitions/Author`. */
const referred = (root: Schema, pointer: string): unknown =>
  pointer.startsWith('#/') ? valueAt(root, pointer.slice(2).split('/')) : undefined;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
