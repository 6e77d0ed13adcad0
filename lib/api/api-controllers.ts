import { Controller, UseFilters, UseGuards, VERSION_NEUTRAL, type Type } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EndpointsController } from './endpoints.controller.js';
import { EventsController } from './events.controller.js';
import { SettingsController } from './settings.controller.js';
import { StatsController } from './stats.controller.js';
import { TenantGuard } from './tenant.js';
import { UnreadInputGuard } from './unread-input.guard.js';
import { WebhooksExceptionFilter } from './webhooks-exception.filter.js';

/** In this order: routes with a fixed first segment come before `/:id`. */
const CONTROLLERS: Type[] = [
  SettingsController,
  EventsController,
  StatsController,
  DeliveriesController,
  EndpointsController,
];

/**
 * The controllers under the app's path, behind the app's guards. Each is a class of its own, since path and guards
 * belong to one `forRoot`.
 */
export function apiControllers(api: Exclude<WebhooksStructure['api'], false>): Type[] {
  return CONTROLLERS.map((Base) => {
    const Mounted = { [Base.name]: class extends Base {} }[Base.name]!;
    Controller({ path: api.path, version: api.version ?? VERSION_NEUTRAL })(Mounted);
    UseGuards(...(api.guards ?? []), new TenantGuard(api.tenant), new UnreadInputGuard())(Mounted);
    UseFilters(WebhooksExceptionFilter)(Mounted);
    return Mounted;
  });
}
