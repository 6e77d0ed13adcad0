import type { Type } from '@nestjs/common';
import { SWAGGER } from '../compat/swagger.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import { madeOnce } from '../domain/made-once.js';
import { mountedRoute } from '../routes/mounted-route.js';
import { error, refusal } from './errors.js';
import { lazily } from './lazily.js';
import { Names } from './names.js';
import { componentsOf, operationObject, parametersOfPath } from './openapi-document.js';
import { inOpenApi30 } from './openapi-30.js';
import { operations, schemaNames, type Operation } from './operations.js';
import type { Audience } from './routes/described.js';
import type { JsonSchema } from './schema.js';

interface Mounted {
  readonly path: string;
  readonly version?: string | string[];
}

/** Controllers with the routes of one audience, and where they are mounted. */
export interface MountedRoutes {
  readonly audience: Audience;
  readonly controllers: readonly Type[];
  readonly at: Mounted;
}

/**
 * Replaces our routes in the document that `@nestjs/swagger` creates with our own description. It is computed when
 * somebody first creates such a document.
 */
export function describeInSwagger(
  mounted: readonly MountedRoutes[],
  { documents }: Pick<WebhooksStructure, 'documents'>,
): void {
  if (!documents || !documents.swagger)
    return leaveOutOfSwagger(mounted.flatMap(({ controllers }) => controllers));
  const models = modelsOf(
    documents,
    mounted.map(({ audience }) => audience),
  );
  for (const { audience, controllers, at } of mounted) {
    for (const controller of controllers) {
      Reflect.defineMetadata(SWAGGER.models, models, controller);
      for (const handler of handlersOf(controller)) describe(handler, audience, at, documents);
    }
  }
}

/** The pages and documents next to the routes, which no client calls. */
export function leaveOutOfSwagger(controllers: readonly Type[]): void {
  for (const controller of controllers) Reflect.defineMetadata(SWAGGER.excluded, [true], controller);
}

const handlersOf = ({ prototype }: Type): object[] =>
  Object.getOwnPropertyNames(prototype)
    .filter((name) => name !== 'constructor')
    .map((name) => (prototype as Record<string, object>)[name]!);

function describe(
  handler: object,
  audience: Audience,
  { path, version }: Mounted,
  documents: WebhooksDocumentsConfig,
): void {
  const own = (): Operation => operationOf(handler, audience);
  const parameters = lazily<JsonSchema[]>([], () => [
    ...parametersOfPath(path),
    ...own().parameters.map((one) => ({ ...inOpenApi30(one) })),
  ]);
  const operation = lazily<Record<string, unknown>>({}, () => {
    const { operationId, ...rest } = operationObject(own(), new Names(documents.rename), documents);
    const schemes = Object.keys(documents.security);
    return {
      ...inOpenApi30(rest),
      // An operation with several versions appears once for each, and Swagger names each of them.
      ...(Array.isArray(version) && version.length > 1 ? {} : { operationId }),
      ...(schemes.length > 0 ? { security: schemes.map((name) => ({ [name]: [] })) } : {}),
    };
  });
  Reflect.defineMetadata(SWAGGER.parameters, parameters, handler);
  Reflect.defineMetadata(SWAGGER.operation, operation, handler);
}

function operationOf(handler: object, audience: Audience): Operation {
  const { routes, name } = mountedRoute(handler);
  return operationsOf(audience).find((one) => one.routes === (routes as Type) && one.method === name)!;
}

const known = new Map<Audience, readonly Operation[]>();
const operationsOf = (audience: Audience): readonly Operation[] =>
  madeOnce(known, audience, () => operations(audience));

/** A class for each schema, since Swagger identifies schemas by class names; the contents are set separately. */
function modelsOf({ rename }: WebhooksDocumentsConfig, audiences: readonly Audience[]): Type[] {
  const names = new Names(rename);
  const ofErrors = Object.keys({ ...error.components, ...refusal.components });
  return [...new Set([...audiences.flatMap(schemaNames), ...ofErrors])].map((name) => {
    const renamed = names.of('schema', name);
    const Model = { [renamed]: class {} }[renamed]!;
    const schema = lazily<Record<string, unknown>>({}, () => ({
      ...inOpenApi30(new Names(rename).in(componentsOf(audiences.flatMap(operationsOf))[name]!)),
    }));
    Reflect.defineMetadata(SWAGGER.model, schema, Model);
    return Model;
  });
}
