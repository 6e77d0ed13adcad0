import { Inject, Injectable } from '@nestjs/common';
import { marksFor, statementWith } from './sql/placeholders.js';
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
    const endpointIds = await this.idsOf(endpoints, tenant, limit);
    if (endpointIds.length > 0) return [['endpoints', this.byIds(endpoints, 'id', endpointIds)]];
    const others = await this.others(tenant, exceptJob, settings);
    if (others.length > 0) return others;
    const deliveryIds = await this.idsOf(deliveries, tenant, limit);
    if (deliveryIds.length > 0) return this.deliveries(deliveryIds);
    const eventIds = await this.idsOf(events, tenant, limit);
    if (eventIds.length > 0) return [['events', this.byIds(events, 'id', eventIds)]];
    const stats = await this.stats(tenant, limit);
    return stats.length > 0 ? stats : this.audit(tenant, limit);
  }

  /** The statements that delete these events and everything derived from them. */
  async ofEvents(eventIds: readonly string[]): Promise<Deletion[]> {
    if (eventIds.length === 0) return [];
    const { deliveries, events } = this.database.tables;
    const rows = await this.read(
      `SELECT id FROM ${deliveries} WHERE event_id IN (${marksFor(eventIds)})`,
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
    const hours = `SELECT hour FROM ${stats} WHERE tenant = ? ORDER BY hour`;
    const [last] = await this.read(`${hours} LIMIT 1 OFFSET ${limit - 1}`, [tenant]);
    const [first] = last ? [last] : await this.read(`${hours} LIMIT 1`, [tenant]);
    if (!first) return [];
    const where = last ? ' AND hour <= ?' : '';
    const params = last ? [tenant, Number(last.hour)] : [tenant];
    return [['stats', statementWith(this.database, `DELETE FROM ${stats} WHERE tenant = ?${where}`, params)]];
  }

  private async audit(tenant: string, limit: number): Promise<Deletion[]> {
    const { audit } = this.database.tables;
    const rows = await this.read(
      `SELECT id FROM ${audit} WHERE tenant = ? AND (values_before IS NOT NULL OR values_after IS NOT NULL
        OR (actor_kind IN (${PEOPLES}) AND actor IS NOT NULL)) LIMIT ${limit}`,
      [tenant],
    );
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => String(id));
    const sql = `UPDATE ${audit} SET values_before = NULL, values_after = NULL,
      actor = CASE WHEN actor_kind IN (${PEOPLES}) THEN NULL ELSE actor END WHERE id IN (${marksFor(ids)})`;
    return [['audit', statementWith(this.database, sql, ids)]];
  }

  private async idsOf(table: string, tenant: string, limit: number): Promise<string[]> {
    const rows = await this.read(`SELECT id FROM ${table} WHERE tenant = ? LIMIT ${limit}`, [tenant]);
    return rows.map(({ id }) => String(id));
  }

  private byIds(table: string, column: string, ids: readonly string[]): SqlStatement {
    return statementWith(this.database, `DELETE FROM ${table} WHERE ${column} IN (${marksFor(ids)})`, ids);
  }

  private async read(sql: string, params: readonly unknown[]): Promise<SqlRow[]> {
    const statement = statementWith(this.database, sql, params);
    return this.database.primary.query(statement.sql, [...statement.params]);
  }
}
