import { Get, Inject } from '@nestjs/common';
import { AuditService } from '../management/audit.service.js';
import type { WebhookAuditView, WebhookPageView } from '../management/views.js';
import { ListWebhookAuditDto } from './dto/audit.dto.js';
import { Tenant } from './tenant.js';
import { QueryInput } from './webhook-input.decorators.js';

export class AuditController {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  @Get('audit')
  list(
    @Tenant() tenant: string,
    @QueryInput(ListWebhookAuditDto) query: ListWebhookAuditDto,
  ): Promise<WebhookPageView<WebhookAuditView>> {
    const { limit, cursor, ...filter } = query;
    return this.audit.list(tenant, filter, { limit, cursor });
  }
}
