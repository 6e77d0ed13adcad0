import { Get, Inject } from '@nestjs/common';
import { SettingsService } from '../management/settings.service.js';
import type { WebhookSettingsView } from '../management/views.js';

export class SettingsController {
  constructor(@Inject(SettingsService) private readonly settings: SettingsService) {}

  @Get('settings')
  get(): WebhookSettingsView {
    return this.settings.get();
  }
}
