import { Get, Inject } from '@nestjs/common';
import { WebhookEndpointStatsDto, WebhookStatsDto } from './dto/log.dto.js';
import { StatsService } from '../management/stats.service.js';
import { Tenant } from './tenant.js';
import type { WebhookStatsByEndpointView, WebhookStatsView } from '../management/views.js';
import { IdInput, QueryInput } from './webhook-input.decorators.js';

export class StatsController {
  constructor(@Inject(StatsService) private readonly stats: StatsService) {}

  @Get('stats')
  ofTenant(
    @Tenant() tenant: string,
    @QueryInput(WebhookStatsDto) { since, until, bucket }: WebhookStatsDto,
  ): Promise<WebhookStatsView> {
    return this.stats.ofTenant(tenant, { since, until, bucketMs: bucket });
  }

  @Get('stats/endpoints')
  ofEndpoints(
    @Tenant() tenant: string,
    @QueryInput(WebhookEndpointStatsDto) query: WebhookEndpointStatsDto,
  ): Promise<WebhookStatsByEndpointView> {
    const { ids, since, until, bucket } = query;
    return this.stats.ofEndpoints(tenant, ids.split(','), { since, until, bucketMs: bucket });
  }

  @Get(':id/stats')
  ofEndpoint(
    @Tenant() tenant: string,
    @IdInput('id', 'endpoint') id: string,
    @QueryInput(WebhookStatsDto) { since, until, bucket }: WebhookStatsDto,
  ): Promise<WebhookStatsView> {
    return this.stats.ofEndpoint(tenant, id, { since, until, bucketMs: bucket });
  }
}
