import { UseFilters, type Type } from '@nestjs/common';
import { WebhooksExceptionFilter } from '../api/webhooks-exception.filter.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import { mountedController } from '../routes/mounted-controller.js';
import { GuideController } from './guide.controller.js';

export const GUIDE_ROUTES: Type[] = [GuideController];

/**
 * Uses the guards of the routes unless the app sets others. Mounted before them: otherwise `guide` would be read as
 * an id.
 */
export function guideControllers(
  api: Exclude<WebhooksStructure['api'], false>,
  guide: Exclude<WebhooksStructure['guide'], false>,
): Type[] {
  const guards = guide.guards ?? api.guards ?? [];
  return GUIDE_ROUTES.map((routes) => {
    const Mounted = mountedController(routes, api, { path: api.path, guards });
    UseFilters(WebhooksExceptionFilter)(Mounted);
    return Mounted;
  });
}
