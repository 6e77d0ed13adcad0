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
 * Sees and does over all tenants what those who run the app need, with the answers of the routes of the option `operator`: times are
 * ISO 8601. It is there without that option, too. No tenant is checked: keep it away from what customers reach.
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

  /** How it is now: what is due, who works, what is paused, and what somebody should look at. */
  overview(): Promise<OperatorOverviewView> {
    return this.overviews.get();
  }

  /**
   * Finds things by what somebody has at hand.
   * @param text the id of an event, a delivery or an endpoint; or a part of a tenant's name, of an endpoint's URL or of its name
   * @throws InvalidWebhookInputError for an empty text
   */
  search(text: string): Promise<OperatorSearchView> {
    return this.searches.find(text);
  }
}
