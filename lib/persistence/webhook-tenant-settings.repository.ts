import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { ifChanged, type SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase, statementOf } from './sql/webhooks-database.js';
import { WebhookTenantSettingsRow } from './webhook-tenant-settings.entity.js';

/** The column's value for a tenant of which nothing is pruned. */
export const KEPT_FOR_EVER = Number.MAX_SAFE_INTEGER;

/** What operators have set for single tenants. */
@Injectable()
export class WebhookTenantSettingsRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  find(tenant: string): Promise<WebhookTenantSettingsRow | null> {
    return this.rows().where({ tenant }).getOne();
  }

  /** In place of what there was. @param also with it */
  async put(settings: WebhookTenantSettingsRow, also: readonly SqlStatement[]): Promise<void> {
    await this.database.executor.runExclusively(`settings ${settings.tenant}`, [
      statementOf(this.rows().delete().where({ tenant: settings.tenant })),
      statementOf(this.rows().insert().values(settings)),
      also,
    ]);
  }

  /** False where nothing was set. @param also with it */
  async delete(tenant: string, also: readonly SqlStatement[]): Promise<boolean> {
    return (await this.database.write(this.rows().delete().where({ tenant }), ifChanged(also))) > 0;
  }

  /** Up to `limit` of those with a retention of their own, from the tenant `from` on. */
  withRetention(from: string, limit: number): Promise<WebhookTenantSettingsRow[]> {
    const query = this.rows().where('row.tenant >= :from AND row.retention_ms IS NOT NULL', { from });
    return query.orderBy('row.tenant', 'ASC').limit(limit).getMany();
  }

  private rows(): SelectQueryBuilder<WebhookTenantSettingsRow> {
    return this.database.primary.createQueryBuilder(WebhookTenantSettingsRow, 'row');
  }
}
