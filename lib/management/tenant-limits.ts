import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookTenantSettingsRow } from '../persistence/webhook-tenant-settings.entity.js';
import {
  KEPT_FOR_EVER,
  WebhookTenantSettingsRepository,
} from '../persistence/webhook-tenant-settings.repository.js';

/** What holds for a tenant: the options, but for what an operator has set for it. */
export interface EffectiveSettings {
  /** `null`: for ever. */
  readonly retentionMs: number | null;
  readonly endpoints: number;
  readonly testsPerMinute: number;
  readonly resendsPerMinute: number;
}

/** Looks up what a tenant may do. */
@Injectable()
export class TenantLimits {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WebhookTenantSettingsRepository) private readonly settings: WebhookTenantSettingsRepository,
  ) {}

  async of(tenant: string): Promise<EffectiveSettings> {
    return this.effective(await this.settings.find(tenant));
  }

  effective(row: WebhookTenantSettingsRow | null): EffectiveSettings {
    const { limits, retentionMs } = this.config;
    return {
      retentionMs: row?.retentionMs === KEPT_FOR_EVER ? null : (row?.retentionMs ?? retentionMs),
      endpoints: row?.endpoints ?? limits.endpointsPerTenant,
      testsPerMinute: row?.testsPerMinute ?? limits.testsPerMinute,
      resendsPerMinute: row?.resendsPerMinute ?? limits.resendsPerMinute,
    };
  }
}
