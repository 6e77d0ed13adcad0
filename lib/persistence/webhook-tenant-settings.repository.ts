import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { ifChanged, type SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase, statementOf } from './sql/webhooks-database.js';
import { WebhookTenantSettingsRow } from './webhook-tenant-settings.entity.js';

/** The stored value for a tenant whose log is never pruned. */
export const KEPT_FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Settings of single tenants, made by operators. */
@Injectable()
export class WebhookTenantSettingsRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  find(tenant: string): Promise<WebhookTenantSettingsRow | null> {
    return this.rows().where({ tenant }).getOne();
  }

  /** Replaces the earlier settings. @param also runs in the transaction */
  async put(settings: WebhookTenantSettingsRow, also: readonly SqlStatement[]): Promise<void> {
    await this.database.executor.runExclusively(`settings ${settings.tenant}`, [
      statementOf(this.rows().delete().where({ tenant: settings.tenant })),
      statementOf(this.rows().insert().values(settings)),
      also,
    ]);
  }

  /** Returns false if there were none. @param also runs in the transaction */
  async delete(tenant: string, also: readonly SqlStatement[]): Promise<boolean> {
    return (await this.database.write(this.rows().delete().where({ tenant }), ifChanged(also))) > 0;
  }

  /** Up to `limit` tenants with their own retention, starting with the tenant `from`. */
  withRetention(from: string, limit: number): Promise<WebhookTenantSettingsRow[]> {
    const query = this.rows().where('row.tenant >= :from AND row.retention_ms IS NOT NULL', { from });
    return query.orderBy('row.tenant', 'ASC').limit(limit).getMany();
  }

  private rows(): SelectQueryBuilder<WebhookTenantSettingsRow> {
    return this.database.primary.createQueryBuilder(WebhookTenantSettingsRow, 'row');
  }
}
