import { Get, Inject } from '@nestjs/common';
import type { WebhookStatsView } from '../../management/views.js';
import type { OperatorLagView, OperatorVolumesView } from '../../operation/operator/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';
import { QueryInput } from '../webhook-input.decorators.js';
import { OperatorPeriodDto, OperatorStatsDto } from './operator-reads.dto.js';

/** Lag and volume over time. */
export class OperatorStatsController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Get('lag')
  lag(@QueryInput(OperatorPeriodDto) { period }: OperatorPeriodDto): Promise<OperatorLagView> {
    return this.operator.stats.lag(period);
  }

  @Get('stats')
  stats(@QueryInput(OperatorStatsDto) { tenant, period }: OperatorStatsDto): Promise<WebhookStatsView> {
    return this.operator.stats.volume({ tenant, periodMs: period });
  }

  @Get('stats/tenants')
  tenants(@QueryInput(OperatorPeriodDto) { period }: OperatorPeriodDto): Promise<OperatorVolumesView> {
    return this.operator.stats.largest(period);
  }
}
