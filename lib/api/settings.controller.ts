import { Get, Inject } from '@nestjs/common';
import { SettingsService } from '../management/settings.service.js';
import type { WebhookSettingsView } from '../management/views.js';
import { Tenant } from './tenant.js';

export class SettingsController {
  constructor(@Inject(SettingsService) private readonly settings: SettingsService) {}

  @Get('settings')
  get(@Tenant() tenant: string): Promise<WebhookSettingsView> {
    return this.settings.of(tenant);
  }
}
