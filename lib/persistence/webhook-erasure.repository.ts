import { Inject, Injectable } from '@nestjs/common';
import { marksFor, statementWith } from './sql/placeholders.js';
import type { ForcedIndex } from './sql/table-names.js';
import type { SqlRow, SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';

/**
 * The tables that an erasure empties, in this order: endpoints first, so that no new deliveries are created for them.
 */
export const ERASED_TABLES = [
  'endpoints',
  'pauses',
  'settings',
  'jobs',
  'deliveries',
  'attempts',
  'events',
  'stats',
  // The audit row itself stays, without the values and the tenant's actor.
  'audit',
] as const;
export type ErasedTable = (typeof ERASED_TABLES)[number];

const STATS_INDEX = 'webhook_stats_tenant';

/** The kinds of actors that may be one of the tenant's people: the app's code acts for them, too. */
const PEOPLES = `'customer', 'app'`;

/** The statements of one batch, each with the table that it counts for. */
export type Deletion = readonly [table: ErasedTable, statement: SqlStatement];

/** Deletes all data of a tenant, or of some events, in bounded batches. */
@Injectable()
export class WebhookErasureRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** The statements of the next batch; none at the end. @param exceptJob the job that runs the erasure, which stays */
  async next(tenant: string, exceptJob: string, limit: number): Promise<Deletion[]> {
    const { endpoints, deliveries, events, settings } = this.database.tables;
    const endpointIds = await this.idsOf(endpoints, 'webhook_endpoints_tenant', tenant, limit);
    if (endpointIds.length > 0) return [['endpoints', this.byIds(endpoints, 'id', endpointIds)]];
    const others = await this.others(tenant, exceptJob, settings);
    if (others.length > 0) return others;
    const deliveryIds = await this.idsOf(deliveries, 'webhook_deliveries_tenant', tenant, limit);
    if (deliveryIds.length > 0) return this.deliveries(deliveryIds);
    const eventIds = await this.idsOf(events, 'webhook_events_tenant', tenant, limit);
    if (eventIds.length > 0) return [['events', this.byIds(events, 'id', eventIds)]];
    const stats = await this.stats(tenant, limit);
    return stats.length > 0 ? stats : this.audit(tenant, limit);
  }

  /** The statements that delete these events and everything derived from them. */
  async ofEvents(eventIds: readonly string[]): Promise<Deletion[]> {
    if (eventIds.length === 0) return [];
    const { deliveries, events } = this.database.tables;
    const rows = await this.read(
      `SELECT id FROM ${this.by('webhook_deliveries_pair', deliveries)} WHERE event_id IN (${marksFor(eventIds)})`,
      eventIds,
    );
    const ids = rows.map(({ id }) => String(id));
    return [
      ...(ids.length > 0 ? this.deliveries(ids) : []),
      ['events', this.byIds(events, 'id', eventIds)] as const,
    ];
  }

  /** Recording an attempt locks its delivery, so once that is deleted, no attempt can follow. */
  private deliveries(ids: readonly string[]): Deletion[] {
    const { deliveries, attempts } = this.database.tables;
    return [
      ['deliveries', this.byIds(deliveries, 'id', ids)],
      ['attempts', this.byIds(attempts, 'delivery_id', ids)],
    ];
  }

  private async others(tenant: string, exceptJob: string, settings: string): Promise<Deletion[]> {
    const { pauses, jobs } = this.database.tables;
    const found: Deletion[] = [];
    const deletes = [
      ['pauses', pauses, `tenant = ? AND scope <> 'all'`, [tenant]],
      ['settings', settings, 'tenant = ?', [tenant]],
      ['jobs', jobs, ...this.ownJobs(tenant, exceptJob)],
    ] as const;
    for (const [name, table, where, params] of deletes) {
      const rows = await this.read(`SELECT 1 AS one FROM ${table} WHERE ${where} LIMIT 1`, params);
      if (rows.length > 0)
        found.push([name, statementWith(this.database, `DELETE FROM ${table} WHERE ${where}`, params)]);
    }
    return found;
  }

  /**
   * Jobs whose request names the tenant: the tenant is the first key of the request's JSON. A worker that runs one notices
   * that it is gone. Erasures stay, for their receipts.
   */
  private ownJobs(tenant: string, exceptJob: string): [where: string, params: unknown[]] {
    const start = `{"filter":{"tenant":${JSON.stringify(tenant)}`;
    return [
      `id <> ? AND kind <> 'erase' AND SUBSTR(request, 1, ${[...start].length}) = ?`,
      [exceptJob, start],
    ];
  }

  private async stats(tenant: string, limit: number): Promise<Deletion[]> {
    const { stats } = this.database.tables;
    const hours = `SELECT hour FROM ${this.by(STATS_INDEX, stats)} WHERE tenant = ? ORDER BY hour`;
    const [last] = await this.read(`${hours} LIMIT 1 OFFSET ${limit - 1}`, [tenant]);
    const [first] = last ? [last] : await this.read(`${hours} LIMIT 1`, [tenant]);
    if (!first) return [];
    const where = last ? ' AND hour <= ?' : '';
    const params = last ? [tenant, Number(last.hour)] : [tenant];
    return [['stats', this.delete(stats, STATS_INDEX, `tenant = ?${where}`, params)]];
  }

  private async audit(tenant: string, limit: number): Promise<Deletion[]> {
    const { audit } = this.database.tables;
    const rows = await this.read(
      `SELECT id FROM ${this.by('webhook_audit_tenant', audit)} WHERE tenant = ? AND (values_before IS NOT NULL OR values_after IS NOT NULL
        OR (actor_kind IN (${PEOPLES}) AND actor IS NOT NULL)) LIMIT ${limit}`,
      [tenant],
    );
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => String(id));
    const sql = `UPDATE ${this.by('PRIMARY', audit)} SET values_before = NULL, values_after = NULL,
      actor = CASE WHEN actor_kind IN (${PEOPLES}) THEN NULL ELSE actor END WHERE id IN (${marksFor(ids)})`;
    return [['audit', statementWith(this.database, sql, ids)]];
  }

  private async idsOf(table: string, index: ForcedIndex, tenant: string, limit: number): Promise<string[]> {
    const rows = await this.read(`SELECT id FROM ${this.by(index, table)} WHERE tenant = ? LIMIT ${limit}`, [
      tenant,
    ]);
    return rows.map(({ id }) => String(id));
  }

  private byIds(table: string, column: string, ids: readonly string[]): SqlStatement {
    return this.delete(table, 'PRIMARY', `${column} IN (${marksFor(ids)})`, ids);
  }

  /** MySQL takes a hint only in a delete that names what it deletes from. */
  private delete(
    table: string,
    index: ForcedIndex | 'PRIMARY',
    where: string,
    params: readonly unknown[],
  ): SqlStatement {
    const from = this.database.isMysql ? `${table} FROM ${this.by(index, table)}` : `FROM ${table}`;
    return statementWith(this.database, `DELETE ${from} WHERE ${where}`, params);
  }

  /** Left to themselves, MySQL and MariaDB read a whole table if they take the tenant for a large one. */
  private by(index: ForcedIndex | 'PRIMARY', table: string): string {
    if (!this.database.isMysql) return table;
    return `${table} FORCE INDEX (${index === 'PRIMARY' ? index : this.database.tables.index(index)})`;
  }

  private async read(sql: string, params: readonly unknown[]): Promise<SqlRow[]> {
    const statement = statementWith(this.database, sql, params);
    return this.database.primary.query(statement.sql, [...statement.params]);
  }
}
