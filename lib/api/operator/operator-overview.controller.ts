import { Get, Inject } from '@nestjs/common';
import type { WebhookPageView } from '../../management/views.js';
import type {
  OperatorOverviewView,
  OperatorSearchView,
  OperatorTenantView,
  OperatorWorkerView,
} from '../../operation/operator/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';
import { QueryInput } from '../webhook-input.decorators.js';
import { ListOperatorTenantsDto, OperatorSearchDto, OperatorTenantDto } from './operator-reads.dto.js';

/** The overview, the search and the lists of an operator's first page. */
export class OperatorOverviewController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Get('overview')
  overview(): Promise<OperatorOverviewView> {
    return this.operator.overview();
  }

  @Get('workers')
  workers(): Promise<{ data: OperatorWorkerView[] }> {
    return this.operator.workers.list();
  }

  @Get('search')
  search(@QueryInput(OperatorSearchDto) { q }: OperatorSearchDto): Promise<OperatorSearchView> {
    return this.operator.search(q);
  }

  @Get('tenants')
  tenants(
    @QueryInput(ListOperatorTenantsDto) { limit, cursor, query }: ListOperatorTenantsDto,
  ): Promise<WebhookPageView<OperatorTenantView>> {
    return this.operator.tenants.list({ query }, { limit, cursor });
  }

  @Get('tenant')
  tenant(@QueryInput(OperatorTenantDto) { tenant }: OperatorTenantDto): Promise<OperatorTenantView> {
    return this.operator.tenants.get(tenant);
  }
}
