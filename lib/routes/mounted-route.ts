import type { Type } from '@nestjs/common';

export type RouteHandler = (...parameters: unknown[]) => unknown;

/** A handler of a class of routes. */
export interface MountedRoute {
  readonly routes: Type<Record<string, RouteHandler>>;
  readonly name: string;
}

const mounted = new WeakMap<object, MountedRoute>();

/** Remembers which route a controller's handler represents. */
export const standFor = (handler: object, route: MountedRoute): void => void mounted.set(handler, route);

export function mountedRoute(handler: object): MountedRoute {
  const route = mounted.get(handler);
  if (!route) throw new Error('AnsweringGuard works only on controllers that mountedController makes.');
  return route;
}
