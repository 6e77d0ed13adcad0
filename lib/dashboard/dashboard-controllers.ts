import type { Type } from '@nestjs/common';
import type { WebhooksOperatorConfig } from '../config/operator-options.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import { mountedController } from '../routes/mounted-controller.js';
import { DashboardElementController } from './dashboard-element.controller.js';
import { DashboardPageController } from './dashboard-page.controller.js';
import { OperatorElementController } from './operator-element.controller.js';
import { OperatorPageController } from './operator-page.controller.js';

export const DASHBOARD_ROUTES: Type[] = [
  DashboardPageController,
  DashboardElementController,
  OperatorPageController,
  OperatorElementController,
];

/**
 * The page uses the app's guards. Its scripts contain no data and use none. They share the path of the
 * routes, and must be mounted before them: otherwise `dashboard` would be read as an id.
 */
export function dashboardControllers(api: Exclude<WebhooksStructure['api'], false>): Type[] {
  const path = `${api.path}/dashboard`;
  return [
    mountedController(DashboardPageController, api, { path, guards: api.guards ?? [] }),
    mountedController(DashboardElementController, api, { path, guards: [] }),
  ];
}

/** The operators' page with their guards, and its script without any. */
export function operatorPageControllers(operator: WebhooksOperatorConfig): Type[] {
  const path = `${operator.path}/page`;
  return [
    mountedController(OperatorPageController, operator, { path, guards: operator.guards }),
    mountedController(OperatorElementController, operator, { path, guards: [] }),
  ];
}
