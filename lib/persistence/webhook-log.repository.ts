import { Inject, Injectable } from '@nestjs/common';
import { IsNull, type SelectQueryBuilder } from 'typeorm';
import { firstIdAfter, firstIdAt, type IdPrefix } from '../domain/id.js';
import { byIndex } from './sql/forced-index.js';
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

  /** Deletes up to `limit` final deliveries with an id below `beforeId`, with their attempts. */
  async pruneDeliveries(beforeId: string, limit: number): Promise<number> {
    const rows = await this.rows(WebhookDelivery)
      .select('row.id')
      .where(`row.id < :beforeId AND row.status <> 'pending'`, { beforeId })
      .orderBy('row.id', 'ASC')
      .limit(limit)
      .getMany();
    const ids = rows.map((row) => row.id);
    if (ids.length === 0) return 0;
    const { deliveries, attempts } = this.database.tables;
    return this.database.write(
      this.rows(WebhookDelivery)
        .delete()
        .where(...oneOf(this.database, 'id', ids))
        // A resend may have revived one meanwhile.
        .andWhere(`status <> 'pending'`),
      this.rows(WebhookAttempt)
        .delete()
        .where(...oneOf(this.database, 'delivery_id', ids))
        .andWhere(`(SELECT COUNT(*) FROM ${deliveries} d WHERE d.id = ${attempts}.delivery_id) = 0`),
    );
  }

  /** Deletes up to `limit` events with an id below `beforeId` that have no delivery left. */
  async pruneEvents(beforeId: string, limit: number): Promise<number> {
    const rows = await this.rows(WebhookEvent)
      .select('row.id')
      .where('row.id < :beforeId', { beforeId })
      .andWhere((query) => {
        const deliveries = query
          .subQuery()
          .select('COUNT(*)')
          .from(WebhookDelivery, 'delivery')
          .where('delivery.event_id = row.id');
        // PostgreSQL would make a join of NOT EXISTS, for which it reads both tables from one end to the other.
        return `${deliveries.getQuery()} = 0`;
      })
      .orderBy('row.id', 'ASC')
      .limit(limit)
      .getMany();
    const ids = rows.map((row) => row.id);
    if (ids.length === 0) return 0;
    const { deliveries, events } = this.database.tables;
    return this.database.write(
      this.rows(WebhookEvent)
        .delete()
        .where(...oneOf(this.database, 'id', ids))
        // A recovery may have made a delivery meanwhile.
        .andWhere(`(SELECT COUNT(*) FROM ${deliveries} d WHERE d.event_id = ${events}.id) = 0`),
    );
  }

  private rows<Entity extends object>(entity: new () => Entity): SelectQueryBuilder<Entity> {
    return this.database.primary.createQueryBuilder(entity, 'row');
  }
}

/** Neither sent nor to be sent: few, as a rule, among all that were. */
const isLost = ({ status }: WebhookLogFilter): boolean => status === 'failed' || status === 'canceled';

function indexFor(filter: WebhookLogFilter): string {
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
