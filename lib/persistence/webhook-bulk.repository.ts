import { Inject, Injectable } from '@nestjs/common';
import { firstIdAfter, firstIdAt, idTemplateAt } from '../domain/id.js';
import type { WebhookDeliveryStatus } from '../domain/delivery.js';
import { numberedId, createStatement } from './sql/recovery-statements.js';
import { marksFor, statementWith } from './sql/placeholders.js';
import { selectById, type Condition } from './sql/id-range.js';
import type { SqlResult, SqlRow, SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase, statementOf } from './sql/webhooks-database.js';
import type { FilteredEvent } from './endpoint-filters.js';
import { equal } from './log-filter.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';
import { oneOf } from './sql/one-of.js';

/** Rows that one query reads, however large the log is. A filter may select only a few of them. */
export const WINDOW = 5_000;

/** Selects the deliveries of an operator's job. Times in epoch ms; `to` is exclusive. */
export interface BulkFilter {
  readonly tenant?: string;
  readonly endpointId?: string;
  readonly type?: string;
  readonly statuses?: readonly WebhookDeliveryStatus[];
  readonly statusCode?: number;
  readonly errorCode?: string;
  readonly exceptErrorCode?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface BulkDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly endpointId: string;
  readonly tenant: string;
}

/** The matches of one query, and the id after which the next one continues; `null` at the end. */
export interface Window<Row> {
  readonly found: readonly Row[];
  readonly next: string | null;
}

/** Walks through the log in bounded queries, oldest first, and changes many rows at once. */
@Injectable()
export class WebhookBulkRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** Up to `limit` matching deliveries, without tests, among the next few thousand after the id `after`. */
  async deliveries(filter: BulkFilter, after: string, limit: number): Promise<Window<BulkDelivery>> {
    const { tenant, endpointId, type, statusCode, errorCode, exceptErrorCode, statuses = [] } = filter;
    const scope = equal({ tenant, endpoint_id: endpointId });
    const wanted: Condition[] = [
      ['test = ?', false],
      ...equal({ event_type: type, status_code: statusCode, error_code: errorCode }),
      ...(statuses.length > 0 ? [[`status IN (${marksFor(statuses)})`, ...statuses] as const] : []),
      ...(exceptErrorCode === undefined
        ? []
        : [['(error_code IS NULL OR error_code <> ?)', exceptErrorCode] as const]),
      ...createdIn(filter),
    ];
    const index =
      endpointId !== undefined
        ? 'webhook_deliveries_endpoint'
        : tenant !== undefined
          ? 'webhook_deliveries_tenant'
          : null;
    const { rows, next } = await this.window(
      {
        table: this.database.tables.deliveries,
        columns: 'id, event_id, endpoint_id, tenant',
        index: index === null ? 'PRIMARY' : this.database.tables.index(index),
        scope: [...scope, ...idsIn('dlv', filter)],
        wanted,
      },
      after,
      limit,
    );
    return {
      found: rows.map((row) => ({
        id: String(row.id),
        eventId: String(row.event_id),
        endpointId: String(row.endpoint_id),
        tenant: String(row.tenant),
      })),
      next,
    };
  }

  /**
   * Up to `limit` events of a tenant, among the next few thousand after the id `after`. `tests`: whether to include
   * events of tests.
   */
  async events(
    tenant: string,
    filter: Pick<BulkFilter, 'type' | 'from' | 'to'>,
    { after, limit, tests }: { readonly after: string; readonly limit: number; readonly tests: boolean },
  ): Promise<Window<{ readonly id: string; readonly type: string }>> {
    const { rows, next } = await this.window(
      {
        table: this.database.tables.events,
        columns: 'id, type',
        index: this.database.tables.index('webhook_events_tenant'),
        scope: [...equal({ tenant }), ...idsIn('evt', filter)],
        wanted: [...equal({ type: filter.type, ...(tests ? {} : { test: false }) }), ...createdIn(filter)],
      },
      after,
      limit,
    );
    return { found: rows.map((row) => ({ id: String(row.id), type: String(row.type) })), next };
  }

  /** The next endpoints after the id `after`, enabled or disabled. */
  endpoints(
    { tenant, endpointId }: Pick<BulkFilter, 'tenant' | 'endpointId'>,
    after: string,
    limit: number,
  ): Promise<WebhookEndpoint[]> {
    const query = this.database.primary
      .createQueryBuilder(WebhookEndpoint, 'row')
      .where('row.id > :after', { after });
    if (tenant !== undefined) query.andWhere({ tenant });
    if (endpointId !== undefined) query.andWhere({ id: endpointId });
    return query.orderBy('row.id', 'ASC').limit(limit).getMany();
  }

  async endpointsById(ids: readonly string[]): Promise<Map<string, WebhookEndpoint>> {
    if (ids.length === 0) return new Map();
    const found = await this.database.primary
      .createQueryBuilder(WebhookEndpoint, 'row')
      .where(...oneOf(this.database, 'row.id', [...new Set(ids)]))
      .getMany();
    return new Map(found.map((endpoint) => [endpoint.id, endpoint]));
  }

  /** Bodies by event id. */
  async bodies(eventIds: readonly string[]): Promise<Map<string, FilteredEvent>> {
    if (eventIds.length === 0) return new Map();
    const rows = await this.database.primary
      .createQueryBuilder(WebhookEvent, 'row')
      .select('row.id', 'id')
      .addSelect('row.body', 'body')
      .addSelect('row.version', 'version')
      .where(...oneOf(this.database, 'row.id', [...new Set(eventIds)]))
      .getRawMany<SqlRow>();
    return new Map(
      rows.map(({ id, body, version }) => [
        String(id),
        { body: String(body), version: version as string | null },
      ]),
    );
  }

  /** Of these events, the ones that already have a delivery to the endpoint. */
  async delivered(endpointId: string, eventIds: readonly string[]): Promise<Set<string>> {
    if (eventIds.length === 0) return new Set();
    const { sql, params } = statementWith(
      this.database,
      `SELECT event_id FROM ${this.database.tables.deliveries}
        WHERE event_id IN (${marksFor(eventIds)}) AND endpoint_id = ?`,
      [...eventIds, endpointId],
    );
    const rows: SqlRow[] = await this.database.primary.query(sql, [...params]);
    return new Set(rows.map((row) => String(row.event_id)));
  }

  /** Restarts final deliveries, with a full retry schedule. */
  restart(ids: readonly string[], statuses: readonly WebhookDeliveryStatus[], dueAt: number): SqlStatement {
    return statementWith(
      this.database,
      `UPDATE ${this.byId()} SET status = 'pending', schedule_attempts = 0, first_attempt_at = NULL, completed_at = NULL,
        single = false, next_attempt_at = ? WHERE id IN (${marksFor(ids)}) AND status IN (${marksFor(statuses)})`,
      [dueAt, ...ids, ...statuses],
    );
  }

  /** How many of these are being sent. */
  async countHeld(ids: readonly string[], now: number): Promise<number> {
    if (ids.length === 0) return 0;
    const [row] = await this.read(
      statementWith(
        this.database,
        `SELECT COUNT(*) AS held FROM ${this.database.tables.deliveries}
          WHERE id IN (${marksFor(ids)}) AND status = 'pending' AND lease_token IS NOT NULL AND next_attempt_at > ?`,
        [...ids, now],
      ),
    );
    return Number(row!.held);
  }

  /**
   * Creates a delivery of each event, unless the endpoint already has one or was deleted.
   * @param instead only events whose delivery to another endpoint was canceled for this reason
   */
  create(
    endpointId: string,
    eventIds: readonly string[],
    now: number,
    instead?: { readonly endpointId: string; readonly reason: string },
  ): SqlStatement {
    const rows = this.database.primary
      .createQueryBuilder(WebhookEvent, 'event')
      .innerJoin(WebhookEndpoint, 'endpoint', 'endpoint.id = :endpointId', { endpointId })
      .where(...oneOf(this.database, 'event.id', eventIds))
      .select('event.id', 'event_id')
      .addSelect('endpoint.id', 'endpoint_id')
      .addSelect('event.tenant', 'tenant')
      .addSelect('event.type', 'event_type')
      .addSelect('event.created_at', 'created_at')
      .addSelect(String(now), 'next_attempt_at')
      .addSelect('NULL', 'lease_token')
      .addSelect(numberedId(this.database, 'event.id'), 'id')
      .setParameters({ idTemplate: idTemplateAt('dlv', now) });
    if (instead) {
      rows.innerJoin(
        WebhookDelivery,
        'old',
        `old.event_id = event.id AND old.endpoint_id = :oldId AND old.status = 'canceled' AND old.error_code = :reason`,
        { oldId: instead.endpointId, reason: instead.reason },
      );
    }
    return createStatement(this.database, statementOf(rows));
  }

  /** Cancels pending deliveries that are not being sent, with a reason for the log. */
  cancel(ids: readonly string[], reason: string, now: number): SqlStatement {
    return statementWith(
      this.database,
      `UPDATE ${this.byId()} SET status = 'canceled', error_code = ?, next_attempt_at = NULL, lease_token = NULL, completed_at = ?
        WHERE id IN (${marksFor(ids)}) AND status IN ('pending', 'failed', 'canceled') AND (lease_token IS NULL OR next_attempt_at <= ?)`,
      [reason, now, ...ids, now],
    );
  }

  private byId(): string {
    const { tables, isMysql } = this.database;
    // Otherwise MySQL would scan a small table, and wait for rows that open transactions hold.
    return isMysql ? `${tables.deliveries} FORCE INDEX (PRIMARY)` : tables.deliveries;
  }

  private async window(
    look: {
      readonly table: string;
      readonly columns: string;
      readonly index: string;
      readonly scope: readonly Condition[];
      readonly wanted: readonly Condition[];
    },
    after: string,
    limit: number,
  ): Promise<{ rows: SqlRow[]; next: string | null }> {
    const { table, index, columns } = look;
    const scope: Condition[] = [...look.scope, ['id > ?', after]];
    const order = 'ASC';
    const end = selectById(this.database, {
      table,
      columns: 'id',
      index,
      conditions: scope,
      order,
      limit: 1,
      offset: WINDOW - 1,
    });
    const [last] = await this.read(end);
    const conditions = [...scope, ...(last ? [['id <= ?', String(last.id)] as const] : []), ...look.wanted];
    const rows = await this.read(
      selectById(this.database, { table, columns, index, conditions, order, limit }),
    );
    const next = rows.length === limit ? String(rows.at(-1)!.id) : last ? String(last.id) : null;
    return { rows, next };
  }

  private async read({ sql, params }: SqlStatement): Promise<SqlRow[]> {
    return this.database.primary.query(sql, [...params]);
  }
}

/** How many rows the first step changed. */
export const changed = ([first]: readonly SqlResult[]): number => first?.affected ?? 0;

const createdIn = ({ from, to }: Pick<BulkFilter, 'from' | 'to'>): Condition[] => [
  ...(from === undefined ? [] : [['created_at >= ?', from] as const]),
  ...(to === undefined ? [] : [['created_at < ?', to] as const]),
];

/** Selects by id as well, because the index is on the ids. */
const idsIn = (prefix: 'dlv' | 'evt', { from, to }: Pick<BulkFilter, 'from' | 'to'>): Condition[] => [
  ...(from === undefined ? [] : [['id >= ?', firstIdAt(prefix, from)] as const]),
  ...(to === undefined ? [] : [['id < ?', firstIdAfter(prefix, to)] as const]),
];
