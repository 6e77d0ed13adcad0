import { HttpStatus, RequestMethod, type Type } from '@nestjs/common';
import { WEBHOOK_ERROR_CODES, type WebhookErrorName } from '../api/error-codes.js';
import { inputsOf, type RouteInput } from '../routes/route-parameters.js';
import { describedRoutes, type Audience, type RouteToDescribe } from './routes/described.js';
import { dtoSchema, type DtoSchema } from './dto-schema.js';
import type { JsonSchema } from './schema.js';

/** Metadata keys of Nest's decorators for the path and method of a handler. */
const [PATH, METHOD, HTTP_CODE] = ['path', 'method', '__httpCode__'];

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface Operation extends RouteToDescribe {
  /** Relative to the path of the API, such as `/:id/secret`; `/` for the API itself. */
  readonly path: string;
  /** In lower case. */
  readonly verb: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly name: string; readonly schema: DtoSchema } | undefined;
  readonly status: number;
  /** Error codes by status. */
  readonly errorsByStatus: ReadonlyMap<number, readonly WebhookErrorName[]>;
}

/** Every route of an audience, from its decorators, its DTOs and its description. */
export const operations = (audience: Audience): readonly Operation[] =>
  describedRoutes(audience).map(operation);

/** The named schemas of `operations`, without computing these. */
export const schemaNames = (audience: Audience): readonly string[] => [
  ...new Set(
    describedRoutes(audience).flatMap((route) => [
      ...Object.keys(route.described.answer?.components ?? {}),
      ...[bodyOf(route)?.name ?? []].flat(),
    ]),
  ),
];

function operation(route: RouteToDescribe): Operation {
  const handler = handlerOf(route);
  const inputs = inputsOf(handler);
  const body = bodyOf(route);
  return {
    ...route,
    path: `/${(Reflect.getMetadata(PATH!, handler) as string).replace(/^\//, '')}`,
    verb: RequestMethod[Reflect.getMetadata(METHOD!, handler) as RequestMethod].toLowerCase(),
    parameters: inputs.flatMap(parametersOf),
    body: body && { name: body.name, schema: dtoSchema(body.dto) },
    status: (Reflect.getMetadata(HTTP_CODE!, handler) as number | undefined) ?? HttpStatus.OK,
    errorsByStatus: errorsOf(route, inputs),
  };
}

const handlerOf = ({ routes, method }: RouteToDescribe): object =>
  (routes.prototype as Record<string, object>)[method]!;

function bodyOf(route: RouteToDescribe): { name: string; dto: Type<object> } | undefined {
  const input = inputsOf(handlerOf(route)).find(({ part }) => part === 'body') as
    Extract<RouteInput, { part: 'body' }> | undefined;
  return input && { name: input.dto.name.replace(/Dto$/, ''), dto: input.dto };
}

function parametersOf(input: RouteInput): Parameter[] {
  if (input.part === 'body') return [];
  if (input.part === 'path') {
    const { name, what, pattern } = input;
    const description = `The id of the ${what}.`;
    return [{ name, in: 'path', required: true, description, schema: { type: 'string', pattern } }];
  }
  const { properties, required } = dtoSchema(input.dto);
  return Object.entries(properties).map(([name, { description = '', ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description: description as string,
    schema,
  }));
}

function errorsOf(
  { described, errors }: RouteToDescribe,
  inputs: readonly RouteInput[],
): Operation['errorsByStatus'] {
  const names: WebhookErrorName[] = [
    'webhooks/invalid-input',
    ...errors,
    ...(inputs.some(({ part }) => part === 'path') ? (['webhooks/not-found'] as const) : []),
    ...(described.errors ?? []),
    'webhooks/database-busy',
  ];
  const statuses = [...new Set(names.map(statusOf))].sort((one, other) => one - other);
  return new Map(statuses.map((status) => [status, names.filter((name) => statusOf(name) === status)]));
}

const statusOf = (name: WebhookErrorName): number => WEBHOOK_ERROR_CODES[name].status;
