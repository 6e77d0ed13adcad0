import type { Type } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import { mountedController } from '../routes/mounted-controller.js';
import { DashboardElementController } from './dashboard-element.controller.js';
import { DashboardPageController } from './dashboard-page.controller.js';

export const DASHBOARD_ROUTES: Type[] = [DashboardPageController, DashboardElementController];

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
