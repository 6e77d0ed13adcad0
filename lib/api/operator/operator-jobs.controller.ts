import { Get, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import type { WebhookPageView } from '../../management/views.js';
import type { OperatorJobView } from '../../operation/acts/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';
import { WebhookPageDto } from '../dto/log.dto.js';
import { BodyInput, IdInput, QueryInput } from '../webhook-input.decorators.js';
import { WebhookJobDto } from './operator-acts.dto.js';

/** Jobs: long work over many deliveries. */
export class OperatorJobsController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Post('jobs/preview')
  @HttpCode(HttpStatus.OK)
  preview(@BodyInput(WebhookJobDto) body: WebhookJobDto): Promise<{ total: number; isMore: boolean }> {
    return this.operator.jobs.preview(body);
  }

  @Post('jobs')
  @HttpCode(HttpStatus.CREATED)
  start(@BodyInput(WebhookJobDto) body: WebhookJobDto): Promise<OperatorJobView> {
    return this.operator.jobs.start(body);
  }

  @Get('jobs')
  list(@QueryInput(WebhookPageDto) page: WebhookPageDto): Promise<WebhookPageView<OperatorJobView>> {
    return this.operator.jobs.list(page);
  }

  @Get('jobs/:id')
  get(@IdInput('id', 'job') id: string): Promise<OperatorJobView> {
    return this.operator.jobs.get(id);
  }

  @Post('jobs/:id/stop')
  @HttpCode(HttpStatus.OK)
  stop(@IdInput('id', 'job') id: string): Promise<OperatorJobView> {
    return this.operator.jobs.stop(id);
  }
}
