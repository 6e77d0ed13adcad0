import type { Type } from '@nestjs/common';
import { SWAGGER } from '../compat/swagger.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import { mountedRoute } from '../routes/mounted-route.js';
import { error, refusal } from './errors.js';
import { lazily } from './lazily.js';
import { Names } from './names.js';
import { componentsOf, operationObject, parametersOfPath } from './openapi-document.js';
import { inOpenApi30 } from './openapi-30.js';
import { operations, schemaNames, type Operation } from './operations.js';
import type { JsonSchema } from './schema.js';

/**
 * Replaces the routes of the API in the document that `@nestjs/swagger` creates with our own description. It is
 * computed when somebody first creates such a document.
 */
export function describeInSwagger(controllers: readonly Type[], { api, documents }: WebhooksStructure): void {
  if (!api || !documents || !documents.swagger) return leaveOutOfSwagger(controllers);
  const models = modelsOf(documents);
  for (const controller of controllers) {
    Reflect.defineMetadata(SWAGGER.models, models, controller);
    for (const handler of handlersOf(controller)) describe(handler, api, documents);
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
  { path, version }: Exclude<WebhooksStructure['api'], false>,
  documents: WebhooksDocumentsConfig,
): void {
  const own = (): Operation => operationOf(handler);
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

function operationOf(handler: object): Operation {
  const { routes, name } = mountedRoute(handler);
  return allOperations().find((one) => one.routes === (routes as Type) && one.method === name)!;
}

let known: readonly Operation[] | undefined;
const allOperations = (): readonly Operation[] => (known ??= operations());

/** A class for each schema, since Swagger identifies schemas by class names; the contents are set separately. */
function modelsOf({ rename }: WebhooksDocumentsConfig): Type[] {
  const names = new Names(rename);
  return [...schemaNames(), ...Object.keys({ ...error.components, ...refusal.components })].map((name) => {
    const renamed = names.of('schema', name);
    const Model = { [renamed]: class {} }[renamed]!;
    const schema = lazily<Record<string, unknown>>({}, () => ({
      ...inOpenApi30(new Names(rename).in(componentsOf(allOperations())[name]!)),
    }));
    Reflect.defineMetadata(SWAGGER.model, schema, Model);
    return Model;
  });
}
