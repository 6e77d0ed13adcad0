import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { settingsView, type WebhookSettingsView } from './views/settings.view.js';

/** What a customer should know of how the app sends: the same for all tenants, with no secret in it. */
@Injectable()
export class SettingsService {
  constructor(@Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig) {}

  get(): WebhookSettingsView {
    return settingsView(this.config);
  }
}
