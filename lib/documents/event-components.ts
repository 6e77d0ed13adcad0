import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { dataSchema, eventBody } from './event-body.js';
import { modernSchema } from './modern-schema.js';
import { COMPONENT, type JsonSchema } from './schema.js';

/** A type of the catalogue, as it appears in a document. */
export interface DescribedEvent {
  readonly event: WebhookEventTypeDescription;
  /** The name of its component, such as `PostPublished`. */
  readonly name: string;
  /** A reference to the schema of the body. */
  readonly body: JsonSchema;
}

/** The catalogue, with schemas that refer to each other as components of a document. */
export class EventComponents {
  readonly events: readonly DescribedEvent[];
  readonly schemas: Record<string, JsonSchema> = {};
  /** The schema behind each name: two classes of the same name may differ. */
  private readonly sources = new Map<string, string>();

  /** @param taken names of other components */
  constructor(types: readonly WebhookEventTypeDescription[], taken: Iterable<string> = []) {
    for (const name of taken) this.sources.set(name, '');
    const names = new Set<string>();
    this.events = types.map((event) => {
      const name = free(pascalCase(event.type), (one) => names.has(one));
      names.add(name);
      return this.add(event, name);
    });
  }

  private add(event: WebhookEventTypeDescription, name: string): DescribedEvent {
    const named = this.definitionNames(event.schema, name);
    const data = this.take(`${name}Data`, event.type);
    const { schema, definitions } = modernSchema(event.schema, {
      root: COMPONENT + data,
      definition: (one) => COMPONENT + named.get(one)!,
    });
    for (const [one, definition] of Object.entries(definitions)) this.schemas[named.get(one)!] = definition;
    // Removed, because code generators would name the class after the title.
    const { title: _, ...rest } = schema;
    this.schemas[data] = dataSchema(rest);
    const body = this.take(`${name}Event`, event.type);
    this.schemas[body] = eventBody(event, { $ref: COMPONENT + data });
    return { event, name, body: { $ref: COMPONENT + body } };
  }

  /** Types share the classes that are the same in both. */
  private definitionNames({ definitions, $defs }: JsonSchema, name: string): ReadonlyMap<string, string> {
    const found = Object.keys({ ...(definitions as object), ...($defs as object) });
    const source = JSON.stringify([definitions, $defs]);
    const isTaken = (one: string): boolean => (this.sources.get(one) ?? source) !== source;
    const prefix = found.some(isTaken) ? name : '';
    return new Map(found.map((one) => [one, this.take(prefix + one.replaceAll(/[^\w.-]/g, '_'), source)]));
  }

  private take(name: string, source: string): string {
    const own = free(name, (one) => (this.sources.get(one) ?? source) !== source);
    this.sources.set(own, source);
    return own;
  }
}

function free(name: string, isTaken: (name: string) => boolean): string {
  let own = name;
  for (let number = 2; isTaken(own); number++) own = `${name}${number}`;
  return own;
}

const pascalCase = (type: string): string =>
  type
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
