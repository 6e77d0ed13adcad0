import { Inject, Injectable } from '@nestjs/common';
import { JobsService } from '../acts/jobs/jobs.service.js';
import { TenantSettingsService } from '../acts/tenant-settings.service.js';
import { PausesService } from '../acts/pauses.service.js';
import { OperatorAuditService } from './operator-audit.service.js';
import { OperatorDeliveriesService } from './operator-deliveries.service.js';
import { OperatorEndpointsService } from './operator-endpoints.service.js';
import { OperatorEventsService } from './operator-events.service.js';
import { OperatorOverviewService, type OperatorOverviewView } from './operator-overview.service.js';
import { OperatorSearchService, type OperatorSearchView } from './operator-search.service.js';
import { OperatorStatsService } from './operator-stats.service.js';
import { OperatorTenantsService } from './operator-tenants.service.js';
import { OperatorWorkersService } from './operator-workers.service.js';

/**
 * What people who run the app can see and do over all tenants, with the responses of the routes of the option
 * `operator`. Times are ISO 8601. It works without that option, too. It checks no tenant: keep it away from
 * customers.
 */
@Injectable()
export class WebhooksOperator {
  constructor(
    @Inject(OperatorTenantsService) readonly tenants: OperatorTenantsService,
    @Inject(OperatorEndpointsService) readonly endpoints: OperatorEndpointsService,
    @Inject(OperatorDeliveriesService) readonly deliveries: OperatorDeliveriesService,
    @Inject(OperatorEventsService) readonly events: OperatorEventsService,
    @Inject(OperatorStatsService) readonly stats: OperatorStatsService,
    @Inject(OperatorWorkersService) readonly workers: OperatorWorkersService,
    @Inject(OperatorOverviewService) private readonly overviews: OperatorOverviewService,
    @Inject(OperatorSearchService) private readonly searches: OperatorSearchService,
    @Inject(PausesService) readonly pauses: PausesService,
    @Inject(JobsService) readonly jobs: JobsService,
    @Inject(TenantSettingsService) readonly settings: TenantSettingsService,
    @Inject(OperatorAuditService) readonly audit: OperatorAuditService,
  ) {}

  /** The current state: what is due, which workers run, what is paused, and what needs attention. */
  overview(): Promise<OperatorOverviewView> {
    return this.overviews.get();
  }

  /**
   * Finds things by an id or a part of a name.
   * @param text the id of an event, a delivery or an endpoint; or a part of a tenant's name, of an endpoint's URL or of its name
   * @throws InvalidWebhookInputError for an empty text
   */
  search(text: string): Promise<OperatorSearchView> {
    return this.searches.find(text);
  }
}
