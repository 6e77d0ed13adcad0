import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs, json, text } from './column-types.js';

/** What an operator has set for one tenant, in place of the options. */
@Entity({ name: 'webhook_tenant_settings', synchronize: false })
export class WebhookTenantSettingsRow {
  @PrimaryColumn(text('tenant', 255))
  tenant!: string;

  @Column(json('settings'))
  settings!: unknown;

  @Column(epochMs('updated_at'))
  updatedAt!: number;
}
