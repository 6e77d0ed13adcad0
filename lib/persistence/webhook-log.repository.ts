import { Inject, Injectable } from '@nestjs/common';
import { IsNull, type SelectQueryBuilder } from 'typeorm';
import { firstIdAfter, firstIdAt, type IdPrefix } from '../domain/id.js';
import { byIndex, byPrimaryKey } from './sql/forced-index.js';
import { oneOf } from './sql/one-of.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookDelivery, type WebhookDeliveryStatus } from './webhook-delivery.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

/** Which rows of the log: all conditions hold. Times in epoch ms, `until` exclusive. */
export interface WebhookLogFilter {
  readonly tenant: string;
  readonly endpointId?: string;
  readonly status?: WebhookDeliveryStatus;
  readonly eventType?: string;
  readonly test?: boolean;
  readonly since?: number;
  readonly until?: number;
}

export interface WebhookPage {
  readonly limit: number;
  /** The id of the last row of the page before. */
  readonly cursor?: string;
}

/** Both ends are exclusive. */
export interface IdRange {
  readonly afterId: string;
  readonly beforeId: string;
}

export interface PrunedBatch {
  readonly pruned: number;
  /** Where the next batch goes on; `null` after the last one. */
  readonly lastId: string | null;
}

const EVENT_SUMMARY = ['id', 'tenant', 'type', 'idempotencyKey', 'test', 'createdAt'] as const;

/** An event without its body. */
export type WebhookEventSummary = Pick<WebhookEvent, (typeof EVENT_SUMMARY)[number]>;

/** Reads the log, newest first, and prunes it. */
@Injectable()
export class WebhookLogRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  deliveries(filter: WebhookLogFilter, page: WebhookPage): Promise<WebhookDelivery[]> {
    const { tenant, endpointId, status, eventType, test } = filter;
    const all = this.database.replica
      .createQueryBuilder(WebhookDelivery, 'row')
      .where(defined({ tenant, endpointId, status, eventType, test }));
    const query = byIndex(all, indexFor(filter));
    // Where MySQL has the lost ones together.
    if (isLost(filter)) query.andWhere({ nextAttemptAt: IsNull() });
    return newestFirst(inTime(query, 'dlv', filter), page).getMany();
  }

  delivery(tenant: string, id: string): Promise<WebhookDelivery | null> {
    return this.database.primary.findOneBy(WebhookDelivery, { tenant, id });
  }

  attempts(deliveryId: string, page: WebhookPage): Promise<WebhookAttempt[]> {
    return newestFirst(this.rows(WebhookAttempt).where({ deliveryId }), page).getMany();
  }

  /** Without their bodies: a page of those could be of tens of megabytes. */
  events(
    filter: Omit<WebhookLogFilter, 'endpointId' | 'status'>,
    page: WebhookPage,
  ): Promise<WebhookEventSummary[]> {
    const query = this.database.replica
      .createQueryBuilder(WebhookEvent, 'row')
      .select(EVENT_SUMMARY.map((column) => `row.${column}`))
      .where(defined({ tenant: filter.tenant, type: filter.eventType, test: filter.test }));
    return newestFirst(inTime(byIndex(query, 'webhook_events_tenant'), 'evt', filter), page).getMany();
  }

  event(tenant: string, id: string): Promise<WebhookEvent | null> {
    return this.database.primary.findOneBy(WebhookEvent, { tenant, id });
  }

  deliveriesOf(eventId: string, limit: number): Promise<WebhookDelivery[]> {
    return this.database.primary.find(WebhookDelivery, {
      where: { eventId },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** Deletes, of the next `limit` deliveries of the range, those that are final, with their attempts. */
  async pruneDeliveries(range: IdRange, limit: number): Promise<PrunedBatch> {
    const ids = await this.nextIds(WebhookDelivery, range, limit);
    if (ids.length === 0) return { pruned: 0, lastId: null };
    const { deliveries, attempts } = this.database.tables;
    const pruned = await this.database.write(
      this.rows(WebhookDelivery)
        .delete()
        .where(...oneOf(this.database, 'id', ids))
        .andWhere(`status <> 'pending'`),
      this.rows(WebhookAttempt)
        .delete()
        .where(...oneOf(this.database, 'delivery_id', ids))
        .andWhere(`(SELECT COUNT(*) FROM ${deliveries} d WHERE d.id = ${attempts}.delivery_id) = 0`),
    );
    return { pruned, lastId: ids.at(limit - 1) ?? null };
  }

  /** Deletes, of the next `limit` events of the range, those that have no delivery left. */
  async pruneEvents(range: IdRange, limit: number): Promise<PrunedBatch> {
    const ids = await this.nextIds(WebhookEvent, range, limit);
    if (ids.length === 0) return { pruned: 0, lastId: null };
    const { deliveries, events } = this.database.tables;
    // PostgreSQL would make a join of NOT EXISTS, for which it reads both tables from one end to the other.
    const delivery = `SELECT d.id FROM ${deliveries} d WHERE d.event_id = ${events}.id LIMIT 1`;
    const pruned = await this.database.write(
      this.rows(WebhookEvent)
        .delete()
        .where(...oneOf(this.database, 'id', ids))
        .andWhere(`(${delivery}) IS NULL`),
    );
    return { pruned, lastId: ids.at(limit - 1) ?? null };
  }

  /** All that there are, so that a batch reads no more than its size: neither what stays, nor what is deleted and not yet cleared away. */
  private async nextIds(
    entity: new () => { id: string },
    { afterId, beforeId }: IdRange,
    limit: number,
  ): Promise<string[]> {
    const query = this.rows(entity)
      .select('row.id')
      .where('row.id > :afterId AND row.id < :beforeId', { afterId, beforeId })
      .orderBy('row.id', 'ASC')
      .limit(limit);
    const rows = await byPrimaryKey(query).getMany();
    return rows.map((row) => row.id);
  }

  private rows<Entity extends object>(entity: new () => Entity): SelectQueryBuilder<Entity> {
    return this.database.primary.createQueryBuilder(entity, 'row');
  }
}

/** Neither sent nor to be sent: few, as a rule, among all that were. */
const isLost = ({ status }: WebhookLogFilter): boolean => status === 'failed' || status === 'canceled';

function indexFor(filter: WebhookLogFilter): Parameters<typeof byIndex>[1] {
  if (isLost(filter)) return 'webhook_deliveries_due';
  return filter.endpointId === undefined ? 'webhook_deliveries_tenant' : 'webhook_deliveries_endpoint';
}

/** No id is older than its row, or much younger, and the ids are what there is an index of. */
function inTime<Entity extends object>(
  query: SelectQueryBuilder<Entity>,
  prefix: IdPrefix,
  { since, until }: { readonly since?: number; readonly until?: number },
): SelectQueryBuilder<Entity> {
  if (since !== undefined) {
    // A page that finds too few rows ends at `since`, not at the first row there is.
    const firstId = firstIdAt(prefix, since);
    query.andWhere('row.created_at >= :since AND row.id >= :firstId', { since, firstId });
  }
  if (until !== undefined) {
    // Nor does it begin with the last one.
    const nextId = firstIdAfter(prefix, until);
    query.andWhere('row.created_at < :until AND row.id < :nextId', { until, nextId });
  }
  return query;
}

/** Ids are ordered by time, so the page goes on below the last one. */
function newestFirst<Entity extends object>(
  query: SelectQueryBuilder<Entity>,
  { limit, cursor }: WebhookPage,
): SelectQueryBuilder<Entity> {
  if (cursor !== undefined) query.andWhere('row.id < :cursor', { cursor });
  return query.orderBy('row.id', 'DESC').limit(limit);
}

function defined<Conditions extends object>(conditions: Conditions): Conditions {
  return Object.fromEntries(
    Object.entries(conditions).filter(([, value]) => value !== undefined),
  ) as Conditions;
}
