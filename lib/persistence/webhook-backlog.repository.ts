import { Inject, Injectable } from '@nestjs/common';
import type { VisitedEndpoint } from '../domain/claim.js';
import { oneOf } from './sql/one-of.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** Counting stops there: whoever looks wants to know that it is much. */
export const MOST_COUNTED = 100_000;
/** Of one look, and looks. */
const TENANTS = 50;
const ENDPOINTS = 400;
const MOST_LOOKS = 20;
const MOST_SUSPECTS = 200;

/** What waits, of all tenants, by looks into indices. Times in epoch ms. */
@Injectable()
export class WebhookBacklogRepository {
  constructor(
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
  ) {}

  /** Whether the database answers. */
  async ping(): Promise<void> {
    await this.database.primary.query('SELECT 1');
  }

  /** How many deliveries are due at `now` and held by nobody, up to `MOST_COUNTED`. */
  async countDue(now: number): Promise<number> {
    const rows = await this.due(
      '1',
      now,
      MOST_COUNTED,
      (due) => `SELECT count(*) AS value FROM (${due}) due`,
    );
    return Number(rows[0]!.value);
  }

  /** Since when the one that has waited for the longest is due; `null` where nothing is. */
  async oldestDueAt(now: number): Promise<number | null> {
    const rows = await this.due('next_attempt_at AS value', now, 1);
    return rows[0] ? Number(rows[0].value) : null;
  }

  /** Endpoints that the module has turned off, and nobody has turned on again. */
  async countDisabled(): Promise<number> {
    return this.database.primary
      .createQueryBuilder(WebhookEndpoint, 'row')
      .where('row.active = :active AND row.disabled_reason IS NOT NULL', { active: false })
      .getCount();
  }

  /**
   * Endpoints that something is due for since `before`, that answer, and that no worker is sending to: what is due for others waits
   * because of them. The longest first, some of many.
   * @param leaseMs how long a lease lasts
   */
  async unattended(now: number, before: number, leaseMs: number): Promise<VisitedEndpoint[]> {
    const suspects = (await this.visitAll())
      .filter(({ dueAt }) => dueAt <= before)
      .sort((one, other) => one.dueAt - other.dueAt)
      .slice(0, MOST_SUSPECTS);
    if (suspects.length === 0) return [];
    const ids = suspects.map(({ endpointId }) => endpointId);
    const { isMysql, tables } = this.database;
    const waiting = isMysql ? ` FORCE INDEX (${tables.waiting})` : '';
    const found = await this.database.primary
      .createQueryBuilder(WebhookEndpoint, 'row')
      .select('row.id', 'id')
      .where(...oneOf(this.database, 'row.id', ids))
      .andWhere('row.failing_since IS NULL')
      // Not NOT EXISTS: MySQL would read all deliveries for it.
      .andWhere(
        `(SELECT d.id FROM ${tables.deliveries} d${waiting} WHERE d.status = 'pending' AND d.tenant = row.tenant
          AND d.endpoint_id = row.id AND d.lease_token IS NOT NULL AND d.next_attempt_at > :now
          AND d.next_attempt_at <= :leaseEnd LIMIT 1) IS NULL`,
        { now, leaseEnd: now + leaseMs },
      )
      .getRawMany<{ id: string }>();
    const unattended = new Set(found.map(({ id }) => id));
    return suspects.filter(({ endpointId }) => unattended.has(endpointId));
  }

  private async visitAll(): Promise<VisitedEndpoint[]> {
    const visited: VisitedEndpoint[] = [];
    let fromTenant = '';
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const look = await this.deliveries.walkEndpoints({
        fromTenant,
        fromEndpoints: new Map(),
        tenants: TENANTS,
        endpoints: ENDPOINTS,
      });
      visited.push(...look);
      const last = look.at(-1)?.tenant;
      if (new Set(look.map(({ tenant }) => tenant)).size < TENANTS || last === undefined) break;
      fromTenant = last;
    }
    return visited;
  }

  private async due(
    columns: string,
    now: number,
    limit: number,
    within = (due: string): string => due,
  ): Promise<{ value: unknown }[]> {
    const { database } = this;
    const { tables, isMysql, isPostgres } = database;
    const index = isMysql ? ` FORCE INDEX (${tables.index('webhook_deliveries_due')})` : '';
    const due = `SELECT ${columns} FROM ${tables.deliveries}${index}
      WHERE status = 'pending' AND next_attempt_at <= ${isPostgres ? '$1' : '?'} ORDER BY next_attempt_at LIMIT ${limit}`;
    return (await database.primary.query(within(due), [now])) as { value: unknown }[];
  }
}
