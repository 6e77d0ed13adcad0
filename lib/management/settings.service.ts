import { Inject, Injectable } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import { Representations } from '../config/representations.js';
import { WEBHOOKS_CONFIG, WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { PublicJwk } from '../domain/signing/signing-key.js';
import { TenantLimits } from './tenant-limits.js';
import { settingsView, type WebhookSettingsView } from './views/settings.view.js';
import { OfTenant } from './of-tenant.js';

/** How the app sends, as far as customers should know: the same for all tenants, without secrets. */
@Injectable()
export class SettingsService {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(Representations) private readonly representations: Representations,
    @Inject(TenantLimits) private readonly limits: TenantLimits,
  ) {}

  /**
   * The public keys of `signature.keys`, as a JWK set (RFC 7517): the answer of `<path>/jwks.json`, for an app that
   * serves them at another address.
   */
  publicKeys(): { readonly keys: readonly PublicJwk[] } {
    return { keys: this.config.signature.publicKeys };
  }

  /** `get`, with the retention that holds for a tenant. */
  @OfTenant()
  async of(tenant: string): Promise<WebhookSettingsView> {
    const { retentionMs } = await this.limits.of(tenant);
    return { ...this.get(), retentionMs };
  }

  get(): WebhookSettingsView {
    const { api, guide } = this.structure;
    return settingsView(this.config, api && guide, this.representations.descriptions);
  }
}
