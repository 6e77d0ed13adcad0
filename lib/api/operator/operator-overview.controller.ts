import { Get, Inject } from '@nestjs/common';
import type { OperatorWorkerView } from '../../operation/operator/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';

/** What those who run the app look at first. */
export class OperatorOverviewController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Get('workers')
  workers(): Promise<{ data: OperatorWorkerView[] }> {
    return this.operator.workers.list();
  }
}
