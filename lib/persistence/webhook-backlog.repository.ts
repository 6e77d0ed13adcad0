import { Inject, Injectable } from '@nestjs/common';
import type { VisitedEndpoint } from '../domain/claim.js';
import { oneOf } from './sql/one-of.js';
import { statementWith } from './sql/placeholders.js';
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
/** Of what has been due for the longest, for whom that is. */
const OLDEST = 1_000;
/** Counted in one statement: SQLite joins no more than 500 parts. */
const COUNTED_TOGETHER = 100;

/** What is due of one endpoint. */
export interface EndpointDue {
  readonly tenant: string;
  readonly endpointId: string;
  /** Up to what was asked for. */
  readonly count: number;
  /** Since when the first of it is due, epoch ms; `null` where nothing is. */
  readonly oldestDueAt: number | null;
}

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

  /**
   * Endpoints that something is due for at `now`, that which has waited for the longest first: among a thousand tenants, and those of the
   * thousand deliveries that have been due for the longest.
   */
  async waiting(now: number): Promise<VisitedEndpoint[]> {
    const oldest = await this.due('tenant, endpoint_id, next_attempt_at AS value', now, OLDEST);
    const found = new Map<string, VisitedEndpoint>();
    for (const visited of [...oldest.map(visitedOf), ...(await this.visitAll())]) {
      if (visited.dueAt <= now && !found.has(visited.endpointId)) found.set(visited.endpointId, visited);
    }
    return [...found.values()].sort((one, other) => one.dueAt - other.dueAt);
  }

  /** Endpoints of these tenants that something waits for, the first 400 of each. @param tenants in the order of their names */
  async waitingOf(tenants: readonly string[]): Promise<VisitedEndpoint[]> {
    const visited: VisitedEndpoint[] = [];
    let left = tenants;
    // One look finds those of many that stand side by side.
    while (left.length > 0) {
      const look = await this.deliveries.walkEndpoints({
        fromTenant: left[0]!,
        fromEndpoints: new Map(),
        tenants: Math.min(TENANTS, left.length),
        endpoints: ENDPOINTS,
      });
      const seen = new Set(look.map(({ tenant }) => tenant));
      visited.push(...look.filter(({ tenant }) => left.includes(tenant)));
      const last = left.findLastIndex((tenant) => seen.has(tenant));
      left = seen.size < Math.min(TENANTS, left.length) ? [] : left.slice(Math.max(1, last + 1));
    }
    return visited;
  }

  /** What is due at `now` of each of these endpoints. @param most counting stops there */
  async dueOf(
    endpoints: readonly { readonly tenant: string; readonly endpointId: string }[],
    now: number,
    most: number,
  ): Promise<EndpointDue[]> {
    const due: EndpointDue[] = [];
    for (let start = 0; start < endpoints.length; start += COUNTED_TOGETHER) {
      const some = endpoints.slice(start, start + COUNTED_TOGETHER);
      const dueOfOne = (columns: string): string => `SELECT ${columns} FROM ${this.pendingRows}
        WHERE status = 'pending' AND tenant = ? AND endpoint_id = ? AND next_attempt_at <= ?`;
      const parts = some.map(
        (_, place) => `SELECT ${place} AS place,
          (SELECT COUNT(*) FROM (${dueOfOne('1 AS one')} LIMIT ${most}) d) AS count,
          (${dueOfOne('next_attempt_at')} ORDER BY next_attempt_at LIMIT 1) AS due_at`,
      );
      const values = some.flatMap(({ tenant, endpointId }) => [
        tenant,
        endpointId,
        now,
        tenant,
        endpointId,
        now,
      ]);
      const { sql, params } = statementWith(this.database, parts.join(' UNION ALL '), values);
      const rows: { place: unknown; count: unknown; due_at: unknown }[] = await this.database.primary.query(
        sql,
        [...params],
      );
      for (const { place, count, due_at: dueAt } of rows) {
        const { tenant, endpointId } = some[Number(place)]!;
        const oldestDueAt = dueAt === null ? null : Number(dueAt);
        due.push({ tenant, endpointId, count: Number(count), oldestDueAt });
      }
    }
    return due;
  }

  /** Where the index of what waits is to be used. */
  private get pendingRows(): string {
    const { tables, isMysql, isPostgres } = this.database;
    if (isPostgres) return tables.deliveries;
    return `${tables.deliveries} ${isMysql ? `FORCE INDEX (${tables.waiting})` : `INDEXED BY ${tables.waiting}`}`;
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
    return this.unattendedOf(await this.visitAll(), now, before, leaseMs);
  }

  /** Those among these. */
  async unattendedOf(
    visited: readonly VisitedEndpoint[],
    now: number,
    before: number,
    leaseMs: number,
  ): Promise<VisitedEndpoint[]> {
    const suspects = visited
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
  ): Promise<(DueRow & { value: unknown })[]> {
    const { database } = this;
    const { tables, isMysql, isPostgres } = database;
    const index = isMysql ? ` FORCE INDEX (${tables.index('webhook_deliveries_due')})` : '';
    const due = `SELECT ${columns} FROM ${tables.deliveries}${index}
      WHERE status = 'pending' AND next_attempt_at <= ${isPostgres ? '$1' : '?'} ORDER BY next_attempt_at LIMIT ${limit}`;
    return (await database.primary.query(within(due), [now])) as (DueRow & { value: unknown })[];
  }
}

interface DueRow {
  readonly tenant?: unknown;
  readonly endpoint_id?: unknown;
}

const visitedOf = ({
  tenant,
  endpoint_id: endpointId,
  value,
}: DueRow & { value: unknown }): VisitedEndpoint => ({
  tenant: String(tenant),
  endpointId: String(endpointId),
  dueAt: Number(value),
});
