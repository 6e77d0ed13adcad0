import { Inject, Injectable } from '@nestjs/common';
import { LessThan, type SelectQueryBuilder } from 'typeorm';
import { firstIdAfter, firstIdAt, type IdPrefix } from '../domain/id.js';
import { namesOf, propertiesOf } from './sql/column.js';
import { DELIVERY_COLUMNS } from './sql/delivery-columns.js';
import { EVENT_COLUMNS } from './sql/event-columns.js';
import { selectById, type Condition } from './sql/id-range.js';
import { oneOf } from './sql/one-of.js';
import type { SqlRow } from './sql/sql-executor.js';
import type { ForcedIndex } from './sql/table-names.js';
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

const EVENT_SUMMARY = EVENT_COLUMNS.filter(({ name }) => name !== 'body');

/** An event without its body. */
export type WebhookEventSummary = Omit<WebhookEvent, 'body'>;

/** Reads the log, newest first, and prunes it. */
@Injectable()
export class WebhookLogRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async deliveries(filter: WebhookLogFilter, page: WebhookPage): Promise<WebhookDelivery[]> {
    const { tenant, endpointId, status, eventType, test } = filter;
    const conditions: Condition[] = [
      ...equal({ tenant, endpoint_id: endpointId, status, event_type: eventType, test }),
      // Where MySQL has the lost ones together.
      ...(isLost(filter) ? [['next_attempt_at IS NULL'] as const] : []),
      ...inTime('dlv', filter),
    ];
    const { deliveries } = this.database.tables;
    const rows = await this.page(deliveries, namesOf(DELIVERY_COLUMNS), indexFor(filter), conditions, page);
    return rows.map((row) => Object.assign(new WebhookDelivery(), propertiesOf(DELIVERY_COLUMNS, row)));
  }

  delivery(tenant: string, id: string): Promise<WebhookDelivery | null> {
    return this.database.primary.findOneBy(WebhookDelivery, { tenant, id });
  }

  attempts(deliveryId: string, { limit, cursor }: WebhookPage): Promise<WebhookAttempt[]> {
    return this.database.primary.find(WebhookAttempt, {
      where: { deliveryId, ...(cursor === undefined ? {} : { id: LessThan(cursor) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** Without their bodies: a page of those could be of tens of megabytes. */
  async events(
    filter: Omit<WebhookLogFilter, 'endpointId' | 'status'>,
    page: WebhookPage,
  ): Promise<WebhookEventSummary[]> {
    const { tenant, eventType, test } = filter;
    const conditions = [...equal({ tenant, type: eventType, test }), ...inTime('evt', filter)];
    const { events } = this.database.tables;
    const rows = await this.page(events, namesOf(EVENT_SUMMARY), 'webhook_events_tenant', conditions, page);
    return rows.map((row) => Object.assign(new WebhookEvent(), propertiesOf(EVENT_SUMMARY, row)));
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
    const ids = await this.nextIds(this.database.tables.deliveries, range, limit);
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
    const ids = await this.nextIds(this.database.tables.events, range, limit);
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
  private async nextIds(table: string, { afterId, beforeId }: IdRange, limit: number): Promise<string[]> {
    const conditions = [
      ['id > ?', afterId],
      ['id < ?', beforeId],
    ] as const;
    const range = { table, columns: 'id', index: 'PRIMARY', conditions, order: 'ASC', limit } as const;
    const { sql, params } = selectById(this.database, range);
    const rows: { id: string }[] = await this.database.primary.query(sql, [...params]);
    return rows.map(({ id }) => id);
  }

  /** Ids are ordered by time, so a page goes on below the last one. */
  private page(
    table: string,
    columns: string,
    index: ForcedIndex,
    conditions: readonly Condition[],
    { limit, cursor }: WebhookPage,
  ): Promise<SqlRow[]> {
    const { sql, params } = selectById(this.database, {
      table,
      columns,
      index: this.database.tables.index(index),
      conditions: cursor === undefined ? conditions : [...conditions, ['id < ?', cursor]],
      order: 'DESC',
      limit,
    });
    return this.database.replica.query(sql, [...params]);
  }

  private rows<Entity extends object>(entity: new () => Entity): SelectQueryBuilder<Entity> {
    return this.database.primary.createQueryBuilder(entity, 'row');
  }
}

/** Neither sent nor to be sent: few, as a rule, among all that were. */
const isLost = ({ status }: WebhookLogFilter): boolean => status === 'failed' || status === 'canceled';

function indexFor(filter: WebhookLogFilter): ForcedIndex {
  if (isLost(filter)) return 'webhook_deliveries_due';
  return filter.endpointId === undefined ? 'webhook_deliveries_tenant' : 'webhook_deliveries_endpoint';
}

/** No id is older than its row, or much younger, and the ids are what there is an index of. */
function inTime(
  prefix: IdPrefix,
  { since, until }: { readonly since?: number; readonly until?: number },
): Condition[] {
  return [
    // A page that finds too few rows ends at `since`, not at the first row there is.
    ...(since === undefined ? [] : bounds('>=', since, firstIdAt(prefix, since))),
    // Nor does it begin with the last one.
    ...(until === undefined ? [] : bounds('<', until, firstIdAfter(prefix, until))),
  ];
}

const bounds = (operator: '>=' | '<', time: number, id: string): Condition[] => [
  [`created_at ${operator} ?`, time],
  [`id ${operator} ?`, id],
];

/** What is undefined is not asked for. */
const equal = (values: Readonly<Record<string, unknown>>): Condition[] =>
  Object.entries(values).flatMap(([column, value]) =>
    value === undefined ? [] : [[`${column} = ?`, value] as const],
  );
