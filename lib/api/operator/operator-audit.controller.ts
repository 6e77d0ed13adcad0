import { Get, Inject } from '@nestjs/common';
import type { WebhookPageView } from '../../management/views.js';
import type { OperatorAuditView } from '../../operation/operator/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';
import { QueryInput } from '../webhook-input.decorators.js';
import { ListOperatorAuditDto } from './operator-audit.dto.js';

/** The audit log. */
export class OperatorAuditController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Get('audit')
  list(
    @QueryInput(ListOperatorAuditDto) { limit, cursor, ...filter }: ListOperatorAuditDto,
  ): Promise<WebhookPageView<OperatorAuditView>> {
    return this.operator.audit.list(filter, { limit, cursor });
  }
}
