import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs, integer, nullable, text } from './column-types.js';

/** Settings of one tenant, made by an operator; `null` in a column: the option applies. */
@Entity({ name: 'webhook_tenant_settings', synchronize: false })
export class WebhookTenantSettingsRow {
  @PrimaryColumn(text('tenant', 255))
  tenant!: string;

  /** `KEPT_FOR_EVER`, or a duration in ms. */
  @Column(nullable(epochMs('retention_ms')))
  retentionMs!: number | null;

  @Column(nullable(integer('endpoints')))
  endpoints!: number | null;

  @Column(nullable(integer('tests_per_minute')))
  testsPerMinute!: number | null;

  @Column(nullable(integer('resends_per_minute')))
  resendsPerMinute!: number | null;

  @Column(epochMs('updated_at'))
  updatedAt!: number;
}
