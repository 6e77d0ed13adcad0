import { Get, Inject, Param, Query } from '@nestjs/common';
import { WebhookStatsDto } from './dto/log.dto.js';
import { StatsService } from './stats.service.js';
import { Tenant } from './tenant.js';
import { statsView, type WebhookStatsView } from './views.js';
import { WebhookIdPipe } from './webhook-id.pipe.js';
import { WebhookInputPipe, type Checked } from './webhook-input.pipe.js';

export class StatsController {
  constructor(@Inject(StatsService) private readonly stats: StatsService) {}

  @Get('stats')
  async ofTenant(
    @Tenant() tenant: string,
    @Query(new WebhookInputPipe(WebhookStatsDto)) { since, until, bucket }: Checked<WebhookStatsDto>,
  ): Promise<WebhookStatsView> {
    return statsView(await this.stats.ofTenant(tenant, { since, until, bucketMs: bucket }));
  }

  @Get(':id/stats')
  async ofEndpoint(
    @Tenant() tenant: string,
    @Param('id', new WebhookIdPipe('endpoint')) id: string,
    @Query(new WebhookInputPipe(WebhookStatsDto)) { since, until, bucket }: Checked<WebhookStatsDto>,
  ): Promise<WebhookStatsView> {
    return statsView(await this.stats.ofEndpoint(tenant, id, { since, until, bucketMs: bucket }));
  }
}
