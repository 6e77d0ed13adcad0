import { Delete, Get, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import type { OperatorPauseView } from '../../operation/acts/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';
import { BodyInput, IdInput } from '../webhook-input.decorators.js';
import { PauseWebhooksDto } from './operator-acts.dto.js';

/** Pauses and resumes sending. */
export class OperatorPausesController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Get('pauses')
  list(): Promise<{ data: OperatorPauseView[] }> {
    return this.operator.pauses.list();
  }

  @Post('pauses')
  @HttpCode(HttpStatus.OK)
  pause(@BodyInput(PauseWebhooksDto) body: PauseWebhooksDto): Promise<OperatorPauseView> {
    return this.operator.pauses.pause(body);
  }

  @Delete('pauses/:id')
  @HttpCode(HttpStatus.NO_CONTENT)
  async resume(@IdInput('id', 'pause') id: string): Promise<void> {
    await this.operator.pauses.resume(id);
  }
}
