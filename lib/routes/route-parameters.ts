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

interface RouteParameter {
  readonly index: number;
  readonly read: (request: RouteRequest) => unknown;
  readonly part: InputPart | undefined;
}

const parameters = new WeakMap<object, readonly RouteParameter[]>();

/**
 * A parameter of a route, read from the request. Nest's own decorators would send it through the app's global pipes,
 * which may change it or refuse it.
 */
export const parameter =
  (read: RouteParameter['read'], part?: InputPart): ParameterDecorator =>
  (target, key, index) => {
    const handler = (target as Record<string | symbol, object>)[key!]!;
    parameters.set(handler, [...parametersOf(handler), { index, read, part }]);
  };

/** True where the handler checks that part itself. */
export const readsInput = (handler: object, part: InputPart): boolean =>
  parametersOf(handler).some((one) => one.part === part);

/** In the order of the parameters: an id of an odd shape is told before a wrong body. */
export async function argumentsOf(handler: object, request: RouteRequest): Promise<unknown[]> {
  const values: unknown[] = [];
  const inOrder = [...parametersOf(handler)].sort((one, other) => one.index - other.index);
  for (const { index, read } of inOrder) values[index] = await read(request);
  return values;
}

/** Lets another function stand for the handler. */
export function shareParameters(handler: object, other: object): void {
  parameters.set(other, parametersOf(handler));
}

const parametersOf = (handler: object): readonly RouteParameter[] => parameters.get(handler) ?? [];
