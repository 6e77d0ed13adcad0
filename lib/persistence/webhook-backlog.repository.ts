import { Inject, Injectable } from '@nestjs/common';
import type { VisitedEndpoint } from '../domain/claim.js';
import { oneOf } from './sql/one-of.js';
import { statementWith } from './sql/placeholders.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** Counting stops at this number: the caller only needs to know that there are many. */
export const MOST_COUNTED = 100_000;
/** Of one look, and looks. */
const TENANTS = 50;
const ENDPOINTS = 400;
const MOST_LOOKS = 20;
const MOST_SUSPECTS = 200;
/** Of what has been due for the longest, for whom that is. */
const OLDEST = 1_000;
/** The number of counts in one statement: SQLite joins at most 500 parts. */
const COUNTED_TOGETHER = 100;

/** The due deliveries of one endpoint. */
export interface EndpointDue {
  readonly tenant: string;
  readonly endpointId: string;
  /** The count, up to the limit that the caller gave. */
  readonly count: number;
  /** When the first of them became due, epoch ms; `null` if nothing is due. */
  readonly oldestDueAt: number | null;
}

/** The backlog of all tenants, read from indices only. Times in epoch ms. */
@Injectable()
export class WebhookBacklogRepository {
  constructor(
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
  ) {}

  /** Fails if the database does not answer. */
  async ping(): Promise<void> {
    await this.database.primary.query('SELECT 1');
  }

  /** How many unclaimed deliveries are due at `now`, up to `MOST_COUNTED`. */
  async countDue(now: number): Promise<number> {
    const rows = await this.due(
      '1',
      now,
      MOST_COUNTED,
      (due) => `SELECT count(*) AS value FROM (${due}) due`,
    );
    return Number(rows[0]!.value);
  }

  /** When the oldest due delivery became due; `null` if nothing is due. */
  async oldestDueAt(now: number): Promise<number | null> {
    const rows = await this.due('next_attempt_at AS value', now, 1);
    return rows[0] ? Number(rows[0].value) : null;
  }

  /**
   * Endpoints with deliveries due at `now`, the longest due first: those of a thousand tenants, and those of the
   * thousand longest-due deliveries.
   */
  async waiting(now: number): Promise<VisitedEndpoint[]> {
    const oldest = await this.due('tenant, endpoint_id, next_attempt_at AS value', now, OLDEST);
    const found = new Map<string, VisitedEndpoint>();
    for (const visited of [...oldest.map(visitedOf), ...(await this.visitAll())]) {
      if (visited.dueAt <= now && !found.has(visited.endpointId)) found.set(visited.endpointId, visited);
    }
    return [...found.values()].sort((one, other) => one.dueAt - other.dueAt);
  }

  /**
   * Endpoints of these tenants with waiting deliveries, the first 400 of each. @param tenants in the order of their
   * names
   */
  async waitingOf(tenants: readonly string[]): Promise<VisitedEndpoint[]> {
    const visited: VisitedEndpoint[] = [];
    let left = tenants;
    // One query covers many tenants that are adjacent in the index.
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

  /** What is due at `now` for each of these endpoints. @param most where counting stops */
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

  /** Where the statement should use the index of waiting deliveries. */
  private get pendingRows(): string {
    const { tables, isMysql, isPostgres } = this.database;
    if (isPostgres) return tables.deliveries;
    return `${tables.deliveries} ${isMysql ? `FORCE INDEX (${tables.waiting})` : `INDEXED BY ${tables.waiting}`}`;
  }

  /** Endpoints that the module disabled, and that are still disabled. */
  async countDisabled(): Promise<number> {
    return this.database.primary
      .createQueryBuilder(WebhookEndpoint, 'row')
      .where('row.active = :active AND row.disabled_reason IS NOT NULL', { active: false })
      .getCount();
  }

  /**
   * Endpoints that respond, have deliveries due since `before`, and have no worker sending to them. Leaves out other
   * endpoints, whose deliveries wait for good reasons. The longest due first; if there are many, some of them.
   * @param leaseMs the length of a lease
   */
  async unattended(now: number, before: number, leaseMs: number): Promise<VisitedEndpoint[]> {
    return this.unattendedOf(await this.visitAll(), now, before, leaseMs);
  }

  /** Keeps those among the given ids. */
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
      // Not NOT EXISTS, for which MySQL would read all deliveries.
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
