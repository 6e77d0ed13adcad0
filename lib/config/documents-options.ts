import type { CanActivate, Type } from '@nestjs/common';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { checkReaders } from './readers.js';

/** The machine-readable documents: OpenAPI of the routes, AsyncAPI of what is sent, JSON Schemas of the events. */
export interface WebhooksDocumentsOptions {
  /** Default: the name of the product in `guide.product`, and `Webhooks`. */
  title?: string;
  /** The version of the documented API. Default: the version of this package. */
  version?: string;
  /** Where the routes are, up to `api.path`. Default: where the document was requested. */
  servers?: readonly { readonly url: string; readonly description?: string }[];
  /** How callers authenticate: OpenAPI's security schemes by name; each one alone is enough. Default: not stated. */
  security?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Replaces our tags at every operation. Default: one for each kind of thing, such as `Webhook endpoints`. */
  tags?: readonly string[];
  /** Renames operations and schemas. Default: `createWebhookEndpoint`, `WebhookEndpoint` and so on. */
  rename?: (name: string, of: 'operation' | 'schema') => string;
  /** Whether the document that `@nestjs/swagger` makes of the app includes the routes, too. Default: true. */
  swagger?: boolean;
  /** Lets everybody read them, without a guard of ours. Default: the readers of the guide. */
  public?: boolean;
  /** Guards of the documents. Default: those of the guide, whose default is those of `api`. */
  guards?: readonly (Type<CanActivate> | CanActivate)[];
}

/** The options with their defaults. */
export interface WebhooksDocumentsConfig {
  readonly title: string | undefined;
  readonly version: string | undefined;
  readonly servers: WebhooksDocumentsOptions['servers'];
  readonly security: NonNullable<WebhooksDocumentsOptions['security']>;
  readonly tags: WebhooksDocumentsOptions['tags'];
  readonly rename: WebhooksDocumentsOptions['rename'];
  readonly swagger: boolean;
  /** `undefined`: those of the guide. */
  readonly guards: WebhooksDocumentsOptions['guards'];
}

const MAX_TEXT = 200;

/** @throws InvalidWebhooksOptionError */
export function checkDocuments(documents: unknown = {}): WebhooksDocumentsConfig | false {
  if (documents === false) return false;
  if (!isRecord(documents)) {
    throw new InvalidWebhooksOptionError(
      'documents',
      `must be an object, or false for none, got ${told(documents)}.`,
    );
  }
  const { servers, security = {}, tags, rename, swagger = true } = documents as WebhooksDocumentsOptions;
  if (
    servers !== undefined &&
    !(isList(servers) && servers.every((one) => isText((one as { url?: unknown })?.url)))
  ) {
    fail('servers', "must be a list such as [{ url: 'https://api.example.com' }].");
  }
  if (!isRecord(security) || !Object.values(security).every(isRecord)) {
    fail(
      'security',
      "must be security schemes by name, such as { bearer: { type: 'http', scheme: 'bearer' } }.",
    );
  }
  if (tags !== undefined && !(isList(tags) && tags.length > 0 && tags.every(isText))) {
    fail('tags', "must be a list of names such as ['Webhooks'].");
  }
  if (rename !== undefined && typeof rename !== 'function') {
    fail('rename', `must be a function such as (name) => \`Acme\${name}\`, got ${told(rename)}.`);
  }
  if (typeof swagger !== 'boolean') {
    fail('swagger', `must be true or false, got ${JSON.stringify(swagger)}.`);
  }
  return Object.freeze({
    title: text('title', (documents as WebhooksDocumentsOptions).title),
    version: text('version', (documents as WebhooksDocumentsOptions).version),
    servers,
    security,
    tags,
    rename,
    swagger,
    guards: checkReaders('documents', documents as WebhooksDocumentsOptions),
  });
}

function text(option: string, value: unknown): string | undefined {
  if (value === undefined || isText(value)) return value;
  return fail(
    option,
    `must be a text of one line with at most ${MAX_TEXT} characters, got ${JSON.stringify(value)}.`,
  );
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_TEXT && /^\S(?:.*\S)?$/.test(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const told = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;

function fail(option: string, problem: string): never {
  throw new InvalidWebhooksOptionError(`documents.${option}`, problem);
}
