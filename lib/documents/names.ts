import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import { dropPromise } from '../domain/drop-promise.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { COMPONENT, type JsonSchema } from './schema.js';

type Named = 'operation' | 'schema';

/** Keywords whose values are not schemas. */
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'example']);

/** The names of operations and schemas in a document, chosen by the app. */
export class Names {
  private readonly given = new Map<string, string>();

  private readonly rename: NonNullable<WebhooksDocumentsConfig['rename']>;

  constructor(rename: WebhooksDocumentsConfig['rename']) {
    this.rename = rename ?? ((name) => name);
  }

  /** @throws InvalidWebhooksOptionError for an invalid name, or one already in use */
  of(kind: Named, name: string): string {
    const given: unknown = this.rename(name, kind);
    if (typeof given !== 'string' || !/^[\w.-]+$/.test(given)) {
      fail(
        `gave ${dropPromise(given) ? 'a promise' : JSON.stringify(given)} for '${name}'. A name has letters, digits, dots, dashes and underscores.`,
      );
    }
    const key = `${kind} ${given}`;
    const other = this.given.get(key) ?? name;
    if (other !== name)
      fail(`gave '${given}' for '${other}' and for '${name}'. Each needs a name of its own.`);
    this.given.set(key, name);
    return given;
  }

  /** Renames the references in a schema. */
  in(schema: JsonSchema): JsonSchema {
    return this.referring(schema) as JsonSchema;
  }

  /** Renames the schemas. */
  components(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
    return Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [this.of('schema', name), this.in(schema)]),
    );
  }

  private referring(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.referring(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]: [string, unknown]) => {
        if (key === '$ref' && typeof inner === 'string' && inner.startsWith(COMPONENT)) {
          return [key, COMPONENT + this.of('schema', inner.slice(COMPONENT.length))];
        }
        return [key, VALUES.has(key) ? inner : this.referring(inner)];
      }),
    );
  }
}

function fail(problem: string): never {
  throw new InvalidWebhooksOptionError('documents.rename', problem);
}
