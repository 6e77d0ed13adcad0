import { resolveOptions } from '../../lib/config/resolve-options.js';
import { checkDocuments } from '../../lib/config/documents-options.js';
import { openApiDocument, operatorOpenApiDocument } from '../../lib/documents/openapi-document.js';
import type { RestAnswer } from './rest-app.js';
import { validatorOf, type Json } from './document-validators.js';

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: Json }>>;
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
}

/** Finds the parts of a response that the OpenAPI document does not describe, including unknown fields. */
export class DescribedAnswers {
  private readonly document: Json;
  private readonly validators = new Map<string, (value: unknown) => readonly string[]>();
  private readonly routes: readonly { verb: string; path: RegExp; fixed: number; operation: Operation }[];

  /** @param base the path to which the document's paths are relative */
  constructor(document: Json, base: string) {
    this.document = closed(document) as Json;
    const paths = Object.entries(document.paths as Record<string, Record<string, Operation>>);
    this.routes = paths
      .flatMap(([template, verbs]) =>
        Object.entries(verbs).map(([verb, operation]) => ({
          verb,
          path: new RegExp(`^${base}${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
          fixed: template.replaceAll(/\{\w+\}/g, '').length,
          operation,
        })),
      )
      // Fixed paths come before those with parameters: `/stats` before `/{id}`.
      .sort((one, other) => other.fixed - one.fixed);
  }

  /** Finds the operation of a request. */
  operationOf(method: string, url: string): Operation | undefined {
    const path = url.split('?')[0]!;
    return this.routes.find((route) => route.verb === method.toLowerCase() && route.path.test(path))
      ?.operation;
  }

  problems(method: string, url: string, { status, headers, body, text }: RestAnswer): readonly string[] {
    const operation = this.operationOf(method, url);
    if (!operation) return [`${method} ${url} is not described`];
    const { operationId, responses } = operation;
    const response = responses[status];
    if (!response && isOfTheApp(status, body)) return [];
    if (!response) return [`${operationId} does not describe ${status}: ${text}`];
    const schema = response.content?.['application/json']?.schema;
    if (!schema) return text === '' || status >= 400 ? [] : [`${operationId} ${status} has a body: ${text}`];
    if (!String(headers['content-type']).startsWith('application/json')) {
      return [`${operationId} ${status} has the type ${headers['content-type']}`];
    }
    const key = `${operationId} ${status}`;
    const validate = this.validators.get(key) ?? validatorOf(closed(schema) as Json, this.document);
    this.validators.set(key, validate);
    return validate(body).map((problem) => `${key}: ${problem}`);
  }
}

/** Paths of pages, in places where other routes have an id. */
const PAGES =
  /^\/api\/webhooks\/(dashboard|guide|guide\.md|guide\.json|openapi\.json|asyncapi\.json|jwks\.json)([/?]|$)/;

const documents = checkDocuments() as Exclude<ReturnType<typeof checkDocuments>, false>;
let described: readonly DescribedAnswers[] | undefined;

/**
 * Fails if the OpenAPI document does not describe a response of a route below `/api/webhooks` or
 * `/api/admin/webhooks`. Ignores paths that are no routes.
 */
export function expectDescribed(method: string, url: string, answer: RestAnswer): void {
  const product = undefined;
  described ??= [
    openApiDocument({ documents, config: resolveOptions({}), types: [], product, path: 'webhooks' }),
    operatorOpenApiDocument({ documents, product, path: 'admin/webhooks' }),
  ].map((document) => new DescribedAnswers(document, '/api'));
  const one = PAGES.test(url) ? undefined : described.find((some) => some.operationOf(method, url));
  const problems = one?.problems(method, url, answer) ?? [];
  if (problems.length > 0)
    throw new Error(`OpenAPI does not describe the answer of ${method} ${url}: ${problems.join('; ')}`);
}

/** Responses of guards and of the app itself, which the document describes as `default`. */
const isOfTheApp = (status: number, body: unknown): boolean => {
  const { code } = Object(body) as { code?: string };
  return (
    status >= 400 && status < 500 && (!code?.startsWith('webhooks/') || code === `webhooks/http-${status}`)
  );
};

/** Forbids fields that the schema does not describe. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)]);
  const open = 'properties' in value && 'required' in value && !('additionalProperties' in value);
  return Object.fromEntries(open ? [...entries, ['additionalProperties', false]] : entries);
}
