import { Inject, Injectable } from '@nestjs/common';
import { LessThan, type SelectQueryBuilder } from 'typeorm';
import { patternsOf } from '../domain/event-type.js';
import type { FilteredEvent } from './endpoint-filters.js';
import { equal, inTime, type OfAnyTenant, type WebhookEventFilter } from './log-filter.js';
import { lookThrough, type FoundRows } from './look-through.js';
import { LoggedDeliveries, type LoggedDelivery } from './logged-deliveries.js';
import { namesOf, propertiesOf } from './sql/column.js';
import { EVENT_COLUMNS } from './sql/event-columns.js';
import { selectById, type Condition } from './sql/id-range.js';
import { oneOf } from './sql/one-of.js';
import type { SqlRow } from './sql/sql-executor.js';
import type { ForcedIndex } from './sql/table-names.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

export interface WebhookPage {
  readonly limit: number;
  /** The id of the last row of the previous page. */
  readonly cursor?: string;
}

/** Both ends are exclusive. */
export interface IdRange {
  readonly afterId: string;
  readonly beforeId: string;
  /** Only this tenant. */
  readonly tenant?: string;
  /** Leaves out tenants with their own retention. */
  readonly exceptOwn?: boolean;
}

export interface PrunedBatch {
  readonly pruned: number;
  /** Where the next batch continues; `null` after the last one. */
  readonly lastId: string | null;
}

const NEWEST = 2_000;
const LOOKS_AT_EVENTS = { window: 5_000, most: 50_000 };

/** Selects rows whose tenant has no retention of its own, by one lookup of a key. */
export const hasNoRetention = ({ tables }: WebhooksDatabase, table: string): string =>
  `(SELECT s.retention_ms FROM ${tables.settings} s WHERE s.tenant = ${table}.tenant) IS NULL`;

const EVENT_SUMMARY = EVENT_COLUMNS.filter(({ name }) => name !== 'body');

/** An event without its body. */
export type WebhookEventSummary = Omit<WebhookEvent, 'body'>;

/** Reads the log, newest first, and prunes it. `WebhookSearchRepository` lists deliveries. */
@Injectable()
export class WebhookLogRepository {
  constructor(
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(LoggedDeliveries) private readonly deliveries: LoggedDeliveries,
  ) {}

  async delivery(tenant: string, id: string): Promise<LoggedDelivery | null> {
    const conditions = equal({ tenant, id });
    const [delivery] = await this.deliveries.read({ conditions, index: 'PRIMARY', limit: 1 });
    return delivery ?? null;
  }

  /** Finds it whatever its tenant is, for operators. */
  async anyDelivery(id: string): Promise<LoggedDelivery | null> {
    const [delivery] = await this.deliveries.read({ conditions: equal({ id }), index: 'PRIMARY', limit: 1 });
    return delivery ?? null;
  }

  /** The body that is sent instead of the event's: see `frozenBodyOf`. */
  async frozenBody(deliveryId: string): Promise<string | null> {
    const options = { where: { id: deliveryId }, select: { id: true, frozenBody: true } } as const;
    return (await this.database.primary.findOne(WebhookDelivery, options))?.frozenBody ?? null;
  }

  attempts(deliveryId: string, { limit, cursor }: WebhookPage): Promise<WebhookAttempt[]> {
    return this.database.primary.find(WebhookAttempt, {
      where: { deliveryId, ...(cursor === undefined ? {} : { id: LessThan(cursor) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** Leaves out the bodies, since a page of them could take tens of megabytes. */
  async events(filter: WebhookEventFilter, page: WebhookPage): Promise<WebhookEventSummary[]> {
    const { tenant, eventType, test } = filter;
    const conditions = [...equal({ tenant, type: eventType, test }), ...inTime('evt', filter)];
    const { events } = this.database.tables;
    const rows = await this.page(events, namesOf(EVENT_SUMMARY), 'webhook_events_tenant', conditions, page);
    return rows.map(eventSummary);
  }

  /** Like `events`, of all tenants or of one. A condition without an index is checked on a bounded number of events. */
  anyEvents(
    filter: OfAnyTenant<WebhookEventFilter>,
    page: WebhookPage,
  ): Promise<FoundRows<WebhookEventSummary>> {
    const { tenant, eventType, test } = filter;
    const { events: table, index } = this.database.tables;
    return lookThrough(
      this.database,
      {
        table,
        index: tenant === undefined ? 'PRIMARY' : index('webhook_events_tenant'),
        known: [...equal({ tenant }), ...inTime('evt', filter)],
        sizes: LOOKS_AT_EVENTS,
        matching: async (range, limit) => {
          const conditions = [...range, ...equal({ type: eventType, test })];
          const rows = await this.page(
            table,
            namesOf(EVENT_SUMMARY),
            tenant === undefined ? 'PRIMARY' : 'webhook_events_tenant',
            conditions,
            { limit },
          );
          return rows.map(eventSummary);
        },
      },
      page,
    );
  }

  /** The newest events of the types, without tests, among the newest `NEWEST` of the tenant. */
  async newestEvents(tenant: string, patterns: readonly string[], limit: number): Promise<FilteredEvent[]> {
    const { tables } = this.database;
    const page = { limit: NEWEST } as const;
    const rows = await this.page(
      tables.events,
      'id, type',
      'webhook_events_tenant',
      equal({ tenant, test: false }),
      page,
    );
    const ids = rows
      .filter(({ type }) => patternsOf(String(type)).some((pattern) => patterns.includes(pattern)))
      .slice(0, limit)
      .map(({ id }) => String(id));
    if (ids.length === 0) return [];
    const events = await this.database.replica
      .createQueryBuilder(WebhookEvent, 'row')
      .select('row.body', 'body')
      .addSelect('row.version', 'version')
      .where(...oneOf(this.database, 'row.id', ids))
      .getRawMany<SqlRow>();
    return events.map(({ body, version }) => ({ body: String(body), version: version as string | null }));
  }

  event(tenant: string, id: string): Promise<WebhookEvent | null> {
    return this.database.primary.findOneBy(WebhookEvent, { tenant, id });
  }

  /** Finds it whatever its tenant is, for operators. */
  anyEvent(id: string): Promise<WebhookEvent | null> {
    return this.database.primary.findOneBy(WebhookEvent, { id });
  }

  /** The oldest first. */
  deliveriesOf(eventId: string, limit: number): Promise<LoggedDelivery[]> {
    const index = this.database.tables.index('webhook_deliveries_pair');
    return this.deliveries.read({ conditions: equal({ event_id: eventId }), index, order: 'ASC', limit });
  }

  /** Deletes the final ones among the next `limit` deliveries of the range, with their attempts. */
  async pruneDeliveries(range: IdRange, limit: number): Promise<PrunedBatch> {
    const ids = await this.nextIds('deliveries', range, limit);
    if (ids.length === 0) return { pruned: 0, lastId: null };
    const { deliveries, attempts } = this.database.tables;
    const pruned = await this.database.write(
      this.rows(WebhookDelivery)
        .delete()
        .where(...oneOf(this.database, 'id', ids))
        .andWhere(`status <> 'pending'${this.exceptOwn(range, deliveries)}`),
      this.rows(WebhookAttempt)
        .delete()
        .where(...oneOf(this.database, 'delivery_id', ids))
        .andWhere(`(SELECT COUNT(*) FROM ${deliveries} d WHERE d.id = ${attempts}.delivery_id) = 0`),
    );
    return { pruned, lastId: ids.at(limit - 1) ?? null };
  }

  /** Deletes those among the next `limit` events of the range that have no delivery left. */
  async pruneEvents(range: IdRange, limit: number): Promise<PrunedBatch> {
    const ids = await this.nextIds('events', range, limit);
    if (ids.length === 0) return { pruned: 0, lastId: null };
    const { deliveries, events } = this.database.tables;
    // Not NOT EXISTS: PostgreSQL would turn it into a join that reads both tables completely.
    const delivery = `SELECT d.id FROM ${deliveries} d WHERE d.event_id = ${events}.id LIMIT 1`;
    const pruned = await this.database.write(
      this.rows(WebhookEvent)
        .delete()
        .where(...oneOf(this.database, 'id', ids))
        .andWhere(`(${delivery}) IS NULL${this.exceptOwn(range, events)}`),
    );
    return { pruned, lastId: ids.at(limit - 1) ?? null };
  }

  /**
   * Reads all rows of the range, so that a batch reads no more than its size: it does not skip rows that stay, or
   * dead rows of earlier deletes.
   */
  private async nextIds(
    name: 'deliveries' | 'events',
    { afterId, beforeId, tenant }: IdRange,
    limit: number,
  ): Promise<string[]> {
    const conditions = [...equal({ tenant }), ['id > ?', afterId] as const, ['id < ?', beforeId] as const];
    const { tables } = this.database;
    const index = tenant === undefined ? 'PRIMARY' : tables.index(`webhook_${name}_tenant`);
    const range = { table: tables[name], columns: 'id', index, conditions, order: 'ASC', limit } as const;
    const { sql, params } = selectById(this.database, range);
    const rows: { id: string }[] = await this.database.primary.query(sql, [...params]);
    return rows.map(({ id }) => id);
  }

  /** Checks the rows one by one; there are as many as a batch has. */
  private exceptOwn({ exceptOwn = false }: IdRange, table: string): string {
    return exceptOwn ? ` AND ${hasNoRetention(this.database, table)}` : '';
  }

  /** Ids are ordered by time, so a page continues below the last id. */
  private page(
    table: string,
    columns: string,
    index: ForcedIndex | 'PRIMARY',
    conditions: readonly Condition[],
    { limit, cursor }: WebhookPage,
  ): Promise<SqlRow[]> {
    const { sql, params } = selectById(this.database, {
      table,
      columns,
      index: index === 'PRIMARY' ? index : this.database.tables.index(index),
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

const eventSummary = (row: SqlRow): WebhookEventSummary =>
  Object.assign(new WebhookEvent(), propertiesOf(EVENT_SUMMARY, row));
