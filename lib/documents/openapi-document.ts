import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import { infoOf, type DocumentsSource } from './documents-source.js';
import { error, errorAnswers, refusal } from './errors.js';
import { EventComponents } from './event-components.js';
import { Names } from './names.js';
import { operations, type Operation } from './operations.js';
import { openApiWebhooks } from './openapi-webhooks.js';
import { CUSTOMERS, OPERATORS } from './routes/described.js';
import { COMPONENT, type JsonSchema } from './schema.js';

/** OpenAPI 3.1 of the customers' routes and the events. Only the caller knows the `servers`, and adds them. */
export function openApiDocument(source: DocumentsSource): JsonSchema {
  const { documents } = source;
  const names = new Names(documents.rename);
  const all = operations(CUSTOMERS);
  const routeSchemas = componentsOf(all);
  const { events, schemas } = new EventComponents(source.types, Object.keys(routeSchemas));
  return documentOf(source, all, names, {
    tags: events.map(({ event }) => event.group),
    schemas: { ...routeSchemas, ...schemas },
    more: { webhooks: openApiWebhooks(events, source.config, documents, names) },
  });
}

/** The same of the operators' routes, which has no events. */
export function operatorOpenApiDocument(source: Described): JsonSchema {
  const all = operations(OPERATORS);
  const names = new Names(source.documents.rename);
  return documentOf(source, all, names, { tags: [], schemas: componentsOf(all), more: {} });
}

type Described = Parameters<typeof infoOf>[0] & Pick<DocumentsSource, 'path'>;

function documentOf(
  source: Described,
  all: readonly Operation[],
  names: Names,
  {
    tags,
    schemas,
    more,
  }: {
    readonly tags: readonly string[];
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly more: JsonSchema;
  },
): JsonSchema {
  const { documents, path } = source;
  const schemes = Object.keys(documents.security);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of all) {
    (paths[templateOf(path, operation)] ??= {})[operation.verb] = {
      ...operationObject(operation, names, documents),
      parameters: [...parametersOfPath(path), ...operation.parameters],
    };
  }
  return {
    openapi: '3.1.0',
    info: infoOf(source),
    ...(schemes.length > 0 ? { security: schemes.map((name) => ({ [name]: [] })) } : {}),
    tags: (documents.tags ?? [...new Set([...all.map(({ tag }) => tag), ...tags])]).map((name) => ({ name })),
    paths,
    ...more,
    components: {
      schemas: names.components(schemas),
      ...(schemes.length > 0 ? { securitySchemes: documents.security } : {}),
    },
  };
}

const templateOf = (path: string, operation: Operation): string =>
  `/${path}${operation.path === '/' ? '' : operation.path}`.replaceAll(/:(\w+)/g, '{$1}');

/** Parameters of the app's own path, which `api.tenant` reads. */
export const parametersOfPath = (path: string): JsonSchema[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

/** An operation without its parameters. */
export function operationObject(
  operation: Operation,
  names: Names,
  { tags = [operation.tag] }: Pick<WebhooksDocumentsConfig, 'tags'>,
): JsonSchema {
  const { body, described } = operation;
  return {
    operationId: names.of('operation', described.operationId),
    tags,
    summary: described.summary,
    ...(described.description === undefined ? {} : { description: described.description }),
    ...(body
      ? {
          requestBody: {
            required: body.schema.required.length > 0,
            content: json({ $ref: `${COMPONENT}${body.name}` }, names),
          },
        }
      : {}),
    responses: responses(operation, names),
  };
}

function responses(operation: Operation, names: Names): JsonSchema {
  const { answer, summary } = operation.described;
  const found: Record<string, JsonSchema> = {
    [operation.status]: { description: summary, ...(answer ? { content: json(answer.json, names) } : {}) },
  };
  for (const { status, description, schema, retryAfter } of errorAnswers(operation)) {
    found[status] = {
      description,
      ...(retryAfter ? { headers: { 'retry-after': RETRY_AFTER } } : {}),
      content: json(schema, names),
    };
  }
  return found;
}

const RETRY_AFTER = {
  description: 'For how many seconds, where a limit of the routes is used up.',
  schema: { type: 'integer', minimum: 0 },
};

const json = (schema: JsonSchema, names: Names): JsonSchema => ({
  'application/json': { schema: names.in(schema) },
});

/** The schemas of responses, bodies and errors, in alphabetical order. */
export function componentsOf(all: readonly Operation[]): Record<string, JsonSchema> {
  const found: Record<string, JsonSchema> = { ...error.components, ...refusal.components };
  for (const { body, described } of all) {
    Object.assign(found, described.answer?.components);
    if (body) found[body.name] = bodySchema(body.schema);
  }
  return Object.fromEntries(Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const bodySchema = ({ properties, required }: NonNullable<Operation['body']>['schema']): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});
