import type { Type } from '@nestjs/common';

/** What both adapters give of a request. */
export interface RouteRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly url: string;
  /** Express takes the mounting path off `url`, and keeps the whole here. */
  readonly originalUrl?: string;
}

/** Where a route can take properties from. */
export type InputPart = 'body' | 'query';

/** What a parameter takes of the caller: the properties of a class, or a part of the path. */
export type RouteInput =
  | { readonly part: 'body'; readonly dto: Type<object> }
  | { readonly part: 'query'; readonly dto: Type<object> }
  | { readonly part: 'path'; readonly name: string; readonly what: string; readonly pattern: string };

interface RouteParameter {
  readonly index: number;
  readonly read: (request: RouteRequest) => unknown;
  readonly input: RouteInput | undefined;
}

const parameters = new WeakMap<object, readonly RouteParameter[]>();

/**
 * A parameter of a route, read from the request. Nest's own decorators would send it through the app's global pipes,
 * which may change it or refuse it.
 */
export const parameter =
  (read: RouteParameter['read'], input?: RouteInput): ParameterDecorator =>
  (target, key, index) => {
    const handler = (target as Record<string | symbol, object>)[key!]!;
    parameters.set(handler, [...parametersOf(handler), { index, read, input }]);
  };

/** True where the handler checks that part itself. */
export const readsInput = (handler: object, part: InputPart): boolean =>
  parametersOf(handler).some(({ input }) => input?.part === part);

/** What the handler takes of the caller, in the order of its parameters. */
export const inputsOf = (handler: object): readonly RouteInput[] =>
  inOrder(handler).flatMap(({ input }) => input ?? []);

/** In the order of the parameters: an id of an odd shape is told before a wrong body. */
export async function argumentsOf(handler: object, request: RouteRequest): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const { index, read } of inOrder(handler)) values[index] = await read(request);
  return values;
}

/** Lets another function stand for the handler. */
export function shareParameters(handler: object, other: object): void {
  parameters.set(other, parametersOf(handler));
}

const inOrder = (handler: object): readonly RouteParameter[] =>
  [...parametersOf(handler)].sort((one, other) => one.index - other.index);

const parametersOf = (handler: object): readonly RouteParameter[] => parameters.get(handler) ?? [];
