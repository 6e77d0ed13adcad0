import { UseFilters, type Type } from '@nestjs/common';
import type { WebhooksOperatorConfig } from '../../config/operator-options.js';
import { ActorGuard } from '../../routes/actor.guard.js';
import { mountedController } from '../../routes/mounted-controller.js';
import { UnreadInputGuard } from '../unread-input.guard.js';
import { WebhooksExceptionFilter } from '../webhooks-exception.filter.js';
import { OperatorAuditController } from './operator-audit.controller.js';
import { OperatorJobsController } from './operator-jobs.controller.js';
import { OperatorOverviewController } from './operator-overview.controller.js';
import { OperatorLogController } from './operator-log.controller.js';
import { OperatorStatsController } from './operator-stats.controller.js';
import { OperatorSettingsController } from './operator-settings.controller.js';
import { OperatorPausesController } from './operator-pauses.controller.js';

/** The routes over all tenants. Each path begins with a word of its own, so their order does not matter. */
export const OPERATOR_ROUTES: Type[] = [
  OperatorOverviewController,
  OperatorLogController,
  OperatorStatsController,
  OperatorPausesController,
  OperatorJobsController,
  OperatorSettingsController,
  OperatorAuditController,
];

/** The controllers under the operators' path, with the operators' guards. */
export function operatorControllers(operator: WebhooksOperatorConfig): Type[] {
  const guards = [
    ...operator.guards,
    new ActorGuard('operator', 'operator.actor', operator.actor),
    new UnreadInputGuard(),
  ];
  return OPERATOR_ROUTES.map((routes) => {
    const Mounted = mountedController(routes, operator, { path: operator.path, guards });
    UseFilters(WebhooksExceptionFilter)(Mounted);
    return Mounted;
  });
}
