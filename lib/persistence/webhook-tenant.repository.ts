import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { containing } from './sql/containing.js';
import { oneOf } from './sql/one-of.js';
import type { SqlRow } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

export interface TenantPage {
  readonly limit: number;
  /** The last tenant of the previous page. */
  readonly cursor?: string;
}

/** Number of endpoints of a tenant, by state. */
export interface TenantEndpoints {
  readonly tenant: string;
  readonly endpoints: number;
  readonly active: number;
  readonly failing: number;
  readonly disabled: number;
}

/** The tenants that have endpoints, read from an index. */
@Injectable()
export class WebhookTenantRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** In the order of their names. @param query a part of the name, ignoring case */
  async list(query: string | undefined, { limit, cursor }: TenantPage): Promise<string[]> {
    const rows = this.rows().select('row.tenant', 'tenant').distinct(true);
    if (cursor !== undefined) rows.andWhere('row.tenant > :cursor', { cursor });
    if (query !== undefined) rows.andWhere(...containing('row.tenant', query));
    const found = await rows.orderBy('row.tenant').limit(limit).getRawMany<SqlRow>();
    return found.map(({ tenant }) => String(tenant));
  }

  /** Tenants without any are not in the map. */
  async endpointsOf(tenants: readonly string[]): Promise<ReadonlyMap<string, TenantEndpoints>> {
    if (tenants.length === 0) return new Map();
    const count = (condition: string): string => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
    const rows = await this.rows()
      .select('row.tenant', 'tenant')
      .addSelect('COUNT(*)', 'endpoints')
      .addSelect(count('row.active'), 'active')
      .addSelect(count('row.active AND row.failing_since IS NOT NULL'), 'failing')
      .addSelect(count('row.disabled_reason IS NOT NULL'), 'disabled')
      .where(...oneOf(this.database, 'row.tenant', tenants))
      .groupBy('row.tenant')
      .getRawMany<SqlRow>();
    const counted = rows.map(({ tenant, endpoints, active, failing, disabled }) => ({
      tenant: String(tenant),
      endpoints: Number(endpoints),
      active: Number(active),
      failing: Number(failing),
      disabled: Number(disabled),
    }));
    return new Map(counted.map((one) => [one.tenant, one]));
  }

  private rows(): SelectQueryBuilder<WebhookEndpoint> {
    return this.database.primary.createQueryBuilder(WebhookEndpoint, 'row');
  }
}
