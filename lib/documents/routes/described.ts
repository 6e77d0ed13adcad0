import type { Type } from '@nestjs/common';
import { AuditController } from '../../api/audit.controller.js';
import { DeliveriesController } from '../../api/deliveries.controller.js';
import { EndpointsController } from '../../api/endpoints.controller.js';
import { EventsController } from '../../api/events.controller.js';
import { SettingsController } from '../../api/settings.controller.js';
import { RepresentationsController } from '../../api/representations.controller.js';
import { StatsController } from '../../api/stats.controller.js';
import { API_ROUTES } from '../../api/api-controllers.js';
import type { WebhookErrorName } from '../../api/error-codes.js';
import { OPERATOR_ROUTES } from '../../api/operator/operator-controllers.js';
import { OperatorAuditController } from '../../api/operator/operator-audit.controller.js';
import { OperatorJobsController } from '../../api/operator/operator-jobs.controller.js';
import { OperatorLogController } from '../../api/operator/operator-log.controller.js';
import { OperatorOverviewController } from '../../api/operator/operator-overview.controller.js';
import { OperatorPausesController } from '../../api/operator/operator-pauses.controller.js';
import { OperatorSettingsController } from '../../api/operator/operator-settings.controller.js';
import { OperatorStatsController } from '../../api/operator/operator-stats.controller.js';
import type { DescribedRoute } from './described-route.js';
import { auditRoutes } from './audit.routes.js';
import { endpointsRoutes, representationsRoutes } from './endpoints.routes.js';
import {
  operatorAuditRoutes,
  operatorJobsRoutes,
  operatorLogRoutes,
  operatorOverviewRoutes,
  operatorPausesRoutes,
  operatorSettingsRoutes,
  operatorStatsRoutes,
} from './operator.routes.js';
import { deliveriesRoutes, eventsRoutes, settingsRoutes, statsRoutes } from './log.routes.js';

interface Described {
  readonly tag: string;
  readonly routes: Readonly<Record<string, DescribedRoute>>;
}

const described = (tag: string, routes: object): Described => ({
  tag,
  routes: routes as Described['routes'],
});

/** Whose routes a document describes. */
export interface Audience {
  /** All classes of routes. */
  readonly routes: readonly Type[];
  readonly described: ReadonlyMap<Type, Described>;
  /** The errors of any of these routes, in addition to those of every route. */
  readonly errors: readonly WebhookErrorName[];
}

const customers = new Map<Type, Described>([
  [EndpointsController, described('Webhook endpoints', endpointsRoutes)],
  [DeliveriesController, described('Webhook deliveries', deliveriesRoutes)],
  [EventsController, described('Webhook events', eventsRoutes)],
  [StatsController, described('Webhook statistics', statsRoutes)],
  [RepresentationsController, described('Webhook endpoints', representationsRoutes)],
  [AuditController, described('Webhook audit', auditRoutes)],
  [SettingsController, described('Webhook settings', settingsRoutes)],
]);

export const CUSTOMERS: Audience = {
  routes: API_ROUTES,
  described: customers,
  errors: ['webhooks/tenant-missing'],
};

const ofOperators = (routes: object): Described => described('Webhook operators', routes);

export const OPERATORS: Audience = {
  routes: OPERATOR_ROUTES,
  described: new Map<Type, Described>([
    [OperatorOverviewController, ofOperators(operatorOverviewRoutes)],
    [OperatorLogController, ofOperators(operatorLogRoutes)],
    [OperatorStatsController, ofOperators(operatorStatsRoutes)],
    [OperatorPausesController, ofOperators(operatorPausesRoutes)],
    [OperatorJobsController, ofOperators(operatorJobsRoutes)],
    [OperatorSettingsController, ofOperators(operatorSettingsRoutes)],
    [OperatorAuditController, ofOperators(operatorAuditRoutes)],
  ]),
  errors: [],
};

/** A route with its description. */
export interface RouteToDescribe {
  readonly routes: Type;
  readonly method: string;
  readonly tag: string;
  readonly described: DescribedRoute;
  /** The errors of every route of its audience. */
  readonly errors: readonly WebhookErrorName[];
}

/** Every route of an audience, in the order of the descriptions. Fails if a class of routes has none. */
export function describedRoutes({ routes: all, described, errors }: Audience): readonly RouteToDescribe[] {
  const unknown = all.find((routes) => !described.has(routes));
  if (unknown) throw new Error(`${unknown.name} has no description in lib/documents/routes.`);
  return [...described].flatMap(([routes, { tag, routes: methods }]) =>
    Object.entries(methods).map(([method, one]) => ({ routes, method, tag, described: one, errors })),
  );
}
