import { Controller, UseGuards, VERSION_NEUTRAL, type Type } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import { DashboardElementController } from './dashboard-element.controller.js';
import { DashboardPageController } from './dashboard-page.controller.js';

/**
 * The page behind the app's guards, and its script, which holds no data, behind none of ours. They stand where the
 * routes do and must be mounted before them: `dashboard` would be an id there.
 */
export function dashboardControllers(api: Exclude<WebhooksStructure['api'], false>): Type[] {
  const Page = class WebhooksDashboardPageController extends DashboardPageController {};
  const Element = class WebhooksDashboardElementController extends DashboardElementController {};
  for (const Mounted of [Page, Element]) {
    Controller({ path: `${api.path}/dashboard`, version: api.version ?? VERSION_NEUTRAL })(Mounted);
  }
  UseGuards(...(api.guards ?? []))(Page);
  return [Page, Element];
}
