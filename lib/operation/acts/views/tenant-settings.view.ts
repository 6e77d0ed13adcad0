import { isoOrNull } from '../../../domain/iso.js';
import type { EffectiveSettings } from '../../../management/tenant-limits.js';
import type { WebhookTenantSettingsRow } from '../../../persistence/webhook-tenant-settings.entity.js';
import { KEPT_FOR_EVER } from '../../../persistence/webhook-tenant-settings.repository.js';

/** What holds for a tenant, and what of it was set for it alone. */
export interface OperatorSettingsView {
  tenant: string;
  /** `null` where the option holds. Of `retention`: ms, or `false` for ever. */
  set: {
    retention: number | false | null;
    endpoints: number | null;
    testsPerMinute: number | null;
    resendsPerMinute: number | null;
  };
  /** What holds. */
  effective: EffectiveSettings;
  /** What the options say, which holds where nothing is set. */
  defaults: EffectiveSettings;
  /** ISO 8601; `null` where nothing is set. */
  updatedAt: string | null;
}

export const operatorSettingsView = (
  tenant: string,
  row: WebhookTenantSettingsRow | null,
  { effective, defaults }: Pick<OperatorSettingsView, 'effective' | 'defaults'>,
): OperatorSettingsView => ({
  tenant,
  set: setOf(row),
  effective,
  defaults,
  updatedAt: isoOrNull(row?.updatedAt ?? null),
});

/** What is set, and nothing of the options. */
export const setOf = (row: WebhookTenantSettingsRow | null): OperatorSettingsView['set'] => ({
  retention: row?.retentionMs === KEPT_FOR_EVER ? false : (row?.retentionMs ?? null),
  endpoints: row?.endpoints ?? null,
  testsPerMinute: row?.testsPerMinute ?? null,
  resendsPerMinute: row?.resendsPerMinute ?? null,
});
