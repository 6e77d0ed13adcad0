import { Delete, Get, Inject, Put } from '@nestjs/common';
import type { OperatorSettingsView } from '../../operation/acts/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';
import { BodyInput, QueryInput } from '../webhook-input.decorators.js';
import { TenantDto, WebhookTenantSettingsDto } from './operator-acts.dto.js';

/** Retention and limits of single tenants. */
export class OperatorSettingsController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Get('settings')
  get(@QueryInput(TenantDto) { tenant }: TenantDto): Promise<OperatorSettingsView> {
    return this.operator.settings.get(tenant);
  }

  @Put('settings')
  set(
    @QueryInput(TenantDto) { tenant }: TenantDto,
    @BodyInput(WebhookTenantSettingsDto) body: WebhookTenantSettingsDto,
  ): Promise<OperatorSettingsView> {
    return this.operator.settings.set(tenant, body);
  }

  @Delete('settings')
  reset(@QueryInput(TenantDto) { tenant }: TenantDto): Promise<OperatorSettingsView> {
    return this.operator.settings.reset(tenant);
  }
}
