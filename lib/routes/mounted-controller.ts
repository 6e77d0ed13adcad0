import { Controller, Res, UseGuards, VERSION_NEUTRAL, type CanActivate, type Type } from '@nestjs/common';
import { AnsweringGuard } from './answering.guard.js';
import { standFor, type RouteHandler } from './mounted-route.js';
import { shareParameters } from './route-parameters.js';

/**
 * A controller with the routes of a class, behind guards and at the path of one `forRoot`. Its handlers do nothing. The
 * last guard calls those of the class, a provider, and sends what they return (see `AnsweringGuard`).
 */
export function mountedController(
  routes: Type,
  { version }: { readonly version?: string | string[] },
  { path, guards }: { path: string; guards: readonly (Type<CanActivate> | CanActivate)[] },
): Type {
  const Mounted = { [routes.name]: class {} }[routes.name]!;
  const methods = routes.prototype as Record<string, RouteHandler>;
  for (const name of Object.getOwnPropertyNames(methods)) {
    const keys = name === 'constructor' ? [] : (Reflect.getMetadataKeys(methods[name]!) as string[]);
    if (keys.length === 0) continue;
    const handler = { [name]: () => undefined }[name]!;
    for (const key of keys) Reflect.defineMetadata(key, Reflect.getMetadata(key, methods[name]!), handler);
    shareParameters(methods[name]!, handler);
    standFor(handler, { routes, name });
    Object.defineProperty(Mounted.prototype, name, { value: handler, configurable: true, writable: true });
    // Nest leaves the answer to a handler that takes the response.
    Res()(Mounted.prototype as object, name, 0);
    // Compilers write this metadata, and @nestjs/swagger looks it up for each parameter.
    Reflect.defineMetadata('design:paramtypes', [Object], Mounted.prototype as object, name);
  }
  Controller({ path, version: version ?? VERSION_NEUTRAL })(Mounted);
  UseGuards(...guards, AnsweringGuard)(Mounted);
  return Mounted;
}
