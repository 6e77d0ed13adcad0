import type { Type } from '@nestjs/common';
import { AuditController } from '../../api/audit.controller.js';
import { DeliveriesController } from '../../api/deliveries.controller.js';
import { EndpointsController } from '../../api/endpoints.controller.js';
import { EventsController } from '../../api/events.controller.js';
import { SettingsController } from '../../api/settings.controller.js';
import { RepresentationsController } from '../../api/representations.controller.js';
import { StatsController } from '../../api/stats.controller.js';
import { API_ROUTES } from '../../api/api-controllers.js';
import type { DescribedRoute } from './described-route.js';
import { auditRoutes } from './audit.routes.js';
import { endpointsRoutes, representationsRoutes } from './endpoints.routes.js';
import { deliveriesRoutes, eventsRoutes, settingsRoutes, statsRoutes } from './log.routes.js';

interface Described {
  readonly tag: string;
  readonly routes: Readonly<Record<string, DescribedRoute>>;
}

const described = (tag: string, routes: object): Described => ({
  tag,
  routes: routes as Described['routes'],
});

const DESCRIBED = new Map<Type, Described>([
  [EndpointsController, described('Webhook endpoints', endpointsRoutes)],
  [DeliveriesController, described('Webhook deliveries', deliveriesRoutes)],
  [EventsController, described('Webhook events', eventsRoutes)],
  [StatsController, described('Webhook statistics', statsRoutes)],
  [RepresentationsController, described('Webhook endpoints', representationsRoutes)],
  [AuditController, described('Webhook audit', auditRoutes)],
  [SettingsController, described('Webhook settings', settingsRoutes)],
]);

/** A route with its description. */
export interface RouteToDescribe {
  readonly routes: Type;
  readonly method: string;
  readonly tag: string;
  readonly described: DescribedRoute;
}

/** Every route of the API, in the order of the descriptions. Fails if a class of routes has none. */
export function describedRoutes(): readonly RouteToDescribe[] {
  const unknown = API_ROUTES.find((routes) => !DESCRIBED.has(routes));
  if (unknown) throw new Error(`${unknown.name} has no description in lib/documents/routes.`);
  return [...DESCRIBED].flatMap(([routes, { tag, routes: methods }]) =>
    Object.entries(methods).map(([method, one]) => ({ routes, method, tag, described: one })),
  );
}
