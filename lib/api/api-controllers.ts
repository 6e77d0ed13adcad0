import { UseFilters, type Type } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import { mountedController } from '../routes/mounted-controller.js';
import { ActorGuard } from '../routes/actor.guard.js';
import { AuditController } from './audit.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EndpointsController } from './endpoints.controller.js';
import { EventsController } from './events.controller.js';
import { RepresentationsController } from './representations.controller.js';
import { SettingsController } from './settings.controller.js';
import { StatsController } from './stats.controller.js';
import { TenantGuard } from './tenant.js';
import { UnreadInputGuard } from './unread-input.guard.js';
import { WebhooksExceptionFilter } from './webhooks-exception.filter.js';

/** In this order: routes with a fixed first segment come before `/:id`. */
export const API_ROUTES: Type[] = [
  SettingsController,
  AuditController,
  RepresentationsController,
  EventsController,
  StatsController,
  DeliveriesController,
  EndpointsController,
];

/** The controllers under the app's path, behind the app's guards. */
export function apiControllers(api: Exclude<WebhooksStructure['api'], false>): Type[] {
  const guards = [
    ...(api.guards ?? []),
    new TenantGuard(api.tenant),
    new ActorGuard('customer', 'api.actor', api.actor),
    new UnreadInputGuard(),
  ];
  return API_ROUTES.map((routes) => {
    const Mounted = mountedController(routes, api, { path: api.path, guards });
    UseFilters(WebhooksExceptionFilter)(Mounted);
    return Mounted;
  });
}
