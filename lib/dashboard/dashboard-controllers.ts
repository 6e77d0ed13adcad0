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
 * The page behind the app's guards, and its script, which holds no data, behind none of ours. They stand where the
 * routes do and must be mounted before them: `dashboard` would be an id there.
 */
export function dashboardControllers(api: Exclude<WebhooksStructure['api'], false>): Type[] {
  const path = `${api.path}/dashboard`;
  return [
    mountedController(DashboardPageController, api, { path, guards: api.guards ?? [] }),
    mountedController(DashboardElementController, api, { path, guards: [] }),
  ];
}

/** The operators' page behind their guards, and its script behind none. */
export function operatorPageControllers(operator: WebhooksOperatorConfig): Type[] {
  const path = `${operator.path}/page`;
  return [
    mountedController(OperatorPageController, operator, { path, guards: operator.guards }),
    mountedController(OperatorElementController, operator, { path, guards: [] }),
  ];
}
