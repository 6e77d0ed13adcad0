import { Inject, Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import type { AttemptOutcome } from '../domain/outcome.js';
import { firstIdAt } from '../domain/id.js';
import { selectById } from './sql/id-range.js';
import { oneOf } from './sql/one-of.js';
import type { SqlRow } from './sql/sql-executor.js';
import { hasNoRetention } from './webhook-log.repository.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery, type WebhookDeliveryStatus } from './webhook-delivery.entity.js';
import { WebhookStat } from './webhook-stat.entity.js';

/** Number of attempts in one period with one outcome, in one bin of `LATENCY_BOUNDS_MS`. */
export interface AttemptCount {
  /** Bucket number: the start of the bucket in epoch ms divided by its length. */
  readonly bucket: number;
  readonly outcome: AttemptOutcome;
  readonly bin: number;
  readonly attempts: number;
}

export interface EndpointAttemptCount extends AttemptCount {
  readonly endpointId: string;
}

/** Number of deliveries of a tenant in one state. */
export interface TenantDeliveryCount {
  readonly tenant: string;
  readonly status: WebhookDeliveryStatus;
  readonly deliveries: number;
  /** The id of the oldest. */
  readonly firstId: string;
}

/** Number of deliveries in each state. */
export type WebhookDeliveryCounts = Readonly<Record<WebhookDeliveryStatus, number>>;

export const NO_DELIVERIES: WebhookDeliveryCounts = { pending: 0, succeeded: 0, failed: 0, canceled: 0 };

/** Selects the attempts: of all endpoints, or of these. */
interface Scope {
  readonly tenant: string;
  readonly endpointIds?: readonly string[];
}

interface HoursToPrune {
  readonly fromHour: number;
  readonly beforeHour: number;
  /** Only this tenant. */
  readonly tenant?: string;
  /** Leaves out tenants with their own retention. */
  readonly exceptOwn?: boolean;
}

/** Epoch ms, both at the start of an hour; a bucket is a whole number of hours. */
interface Span {
  readonly since: number;
  readonly until: number;
  readonly bucketMs: number;
}

type Raw<Row> = Record<keyof Row, string | number>;

/** Counts in the database. Attempts are counted when they are recorded, so a sum reads only a few rows. */
@Injectable()
export class WebhookStatsRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async attempts(scope: Scope, span: Span): Promise<AttemptCount[]> {
    const rows = await this.counting(scope, span).getRawMany<Raw<AttemptCount>>();
    return rows.map(attemptCount);
  }

  async attemptsByEndpoint(scope: Required<Scope>, span: Span): Promise<EndpointAttemptCount[]> {
    const rows = await this.counting(scope, span)
      .addSelect('endpoint_id', 'endpointId')
      .addGroupBy('endpoint_id')
      .getRawMany<Raw<EndpointAttemptCount>>();
    return rows.map((row) => ({ ...attemptCount(row), endpointId: String(row.endpointId) }));
  }

  /** One statement for all events. Events without a delivery are not in the map. */
  async deliveriesOf(eventIds: readonly string[]): Promise<ReadonlyMap<string, WebhookDeliveryCounts>> {
    if (eventIds.length === 0) return new Map();
    const rows = await this.database.replica
      .createQueryBuilder(WebhookDelivery, 'delivery')
      .select('event_id', 'eventId')
      .addSelect('status', 'status')
      .addSelect('COUNT(*)', 'deliveries')
      .where(...oneOf(this.database, 'event_id', eventIds))
      .groupBy('event_id')
      .addGroupBy('status')
      .getRawMany<{ eventId: string; status: WebhookDeliveryStatus; deliveries: string | number }>();
    const counts = new Map<string, WebhookDeliveryCounts>();
    for (const { eventId, status, deliveries } of rows) {
      counts.set(eventId, { ...(counts.get(eventId) ?? NO_DELIVERIES), [status]: Number(deliveries) });
    }
    return counts;
  }

  /** The newest `limit` deliveries since a time, counted by tenant and status, with the id of the oldest of each. */
  async newestByTenant(since: number, limit: number): Promise<TenantDeliveryCount[]> {
    const { tables, isMysql } = this.database;
    const newest = selectById(this.database, {
      table: tables.deliveries,
      columns: 'id, tenant, status',
      index: 'PRIMARY',
      conditions: [['id >= ?', firstIdAt('dlv', since)]],
      order: 'DESC',
      limit,
    });
    const rows: SqlRow[] = await this.database.replica.query(
      `SELECT tenant, status, COUNT(*) AS deliveries, MIN(id) AS first_id FROM (${newest.sql}) d
        GROUP BY tenant, status${isMysql ? ' ORDER BY NULL' : ''}`,
      [...newest.params],
    );
    return rows.map((row) => ({
      tenant: String(row.tenant),
      status: row.status as WebhookDeliveryStatus,
      deliveries: Number(row.deliveries),
      firstId: String(row.first_id),
    }));
  }

  /**
   * Deletes about `limit` of the oldest hourly counts of the span; returns the last hour, `null` if nothing is left.
   */
  async pruneHours(
    { tenant, exceptOwn = false, ...span }: HoursToPrune,
    limit: number,
  ): Promise<number | null> {
    const { stats } = this.database.tables;
    const old = [
      'hour >= :fromHour AND hour < :beforeHour',
      ...(tenant === undefined ? [] : ['tenant = :tenant']),
    ].join(' AND ');
    // The next batch must not find rows that stay.
    const kept = (table: string): string => (exceptOwn ? ` AND ${hasNoRetention(this.database, table)}` : '');
    const parameters = { ...span, ...(tenant === undefined ? {} : { tenant }) };
    const last = await this.database.primary
      .createQueryBuilder(WebhookStat, 'stat')
      .select('hour', 'hour')
      .addSelect('endpoint_id', 'endpointId')
      .where(old + kept('stat'), parameters)
      .orderBy('hour')
      .addOrderBy('endpoint_id')
      .offset(limit - 1)
      .limit(1)
      .getRawOne<{ hour: string | number; endpointId: string }>();
    const prune = this.database.primary
      .createQueryBuilder(WebhookStat, 'stat')
      .delete()
      .where(old + kept(stats), parameters);
    await this.database.write(
      last ? prune.andWhere('hour <= :hour AND (hour < :hour OR endpoint_id <= :endpointId)', last) : prune,
    );
    return last ? Number(last.hour) : null;
  }

  private counting(
    { tenant, endpointIds }: Scope,
    { since, until, bucketMs }: Span,
  ): SelectQueryBuilder<WebhookStat> {
    const query = this.database.replica
      .createQueryBuilder(WebhookStat, 'stat')
      // FLOOR, because division of integers differs between databases.
      .select(`FLOOR(hour / ${bucketMs})`, 'bucket')
      .addSelect('outcome', 'outcome')
      .addSelect('bin', 'bin')
      .addSelect('SUM(attempts)', 'attempts')
      .where('tenant = :tenant AND hour >= :since AND hour < :until', { tenant, since, until })
      .groupBy(`FLOOR(hour / ${bucketMs})`)
      .addGroupBy('outcome')
      .addGroupBy('bin');
    return endpointIds ? query.andWhere({ endpointId: In(endpointIds) }) : query;
  }
}

const attemptCount = (row: Raw<AttemptCount>): AttemptCount => ({
  bucket: Number(row.bucket),
  outcome: row.outcome as AttemptOutcome,
  bin: Number(row.bin),
  attempts: Number(row.attempts),
});
