import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt } from '../domain/id.js';
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

/** Of the audit log: rows that an erasure has to change. */
const TELLING = `(values_before IS NOT NULL OR values_after IS NOT NULL OR (actor_kind IN (${PEOPLES}) AND actor IS NOT NULL))`;

/** The statements of one batch, each with the table that it counts for. */
export type Deletion = readonly [table: ErasedTable, statement: SqlStatement];

/**
 * One round of an erasure. It ends although the tenant goes on emitting, since it deletes events and deliveries only up to
 * these ids.
 */
export interface ErasureRound {
  readonly events: string;
  readonly deliveries: string;
  /** Transactions that had written to our tables and were open when the round began. PostgreSQL only. */
  readonly writers: readonly string[];
}

/** Deletes all data of a tenant, or of some events, in bounded batches. */
@Injectable()
export class WebhookErasureRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** Begins a round over everything of the tenant that is there `now`, including what open transactions have stored. */
  async begin(tenant: string, now: number): Promise<ErasureRound> {
    const { events, deliveries } = this.database.tables;
    // First, so that what these transactions store is committed when they have ended.
    const writers = await this.writers();
    return {
      events: await this.newest(events, 'webhook_events_tenant', tenant, firstIdAt('evt', now + 1)),
      deliveries: await this.newest(
        deliveries,
        'webhook_deliveries_tenant',
        tenant,
        firstIdAt('dlv', now + 1),
      ),
      writers,
    };
  }

  /** The statements of the next batch; none at the end. @param exceptJob the job that runs the erasure, which stays */
  async next(tenant: string, exceptJob: string, round: ErasureRound, limit: number): Promise<Deletion[]> {
    const { endpoints, deliveries, events, settings } = this.database.tables;
    const endpointIds = await this.idsOf(endpoints, 'webhook_endpoints_tenant', tenant, limit);
    if (endpointIds.length > 0) return [['endpoints', this.byIds(endpoints, 'id', endpointIds)]];
    const others = await this.others(tenant, exceptJob, settings);
    if (others.length > 0) return others;
    const deliveryIds = await this.idsOf(
      deliveries,
      'webhook_deliveries_tenant',
      tenant,
      limit,
      round.deliveries,
    );
    if (deliveryIds.length > 0) return this.deliveries(deliveryIds);
    const eventIds = await this.idsOf(events, 'webhook_events_tenant', tenant, limit, round.events);
    if (eventIds.length > 0) return [['events', this.byIds(events, 'id', eventIds)]];
    const stats = await this.stats(tenant, limit);
    return stats.length > 0 ? stats : this.audit(tenant, limit);
  }

  /** Whether the tenant has anything that `next` would delete, of any age. */
  async hasAny(tenant: string, exceptJob: string): Promise<boolean> {
    const { sql, params } = this.anyOf(tenant, exceptJob);
    const [row] = await this.read(sql, params);
    return Number(row!.found) > 0;
  }

  /**
   * Whether a transaction is open that had stored something of the tenant when the round began. SQLite has one writer at a
   * time, so there is none while we look.
   */
  async isUnsettled(tenant: string, exceptJob: string, round: ErasureRound): Promise<boolean> {
    if (this.database.isPostgres) return this.areOpen(round.writers);
    if (!this.database.isMysql) return false;
    const { sql, params } = this.anyOf(tenant, exceptJob, round);
    const [row] = await this.readUncommitted(sql, params);
    return Number(row!.found) > 0;
  }

  /** Whether any of these transactions is still open. */
  async areOpen(writers: readonly string[]): Promise<boolean> {
    if (writers.length === 0) return false;
    const open = new Set(await this.writers());
    return writers.some((writer) => open.has(writer));
  }

  /** The open transactions that have written to our tables: each holds a lock on them until it ends. PostgreSQL only. */
  async writers(): Promise<string[]> {
    if (!this.database.isPostgres) return [];
    const { endpoints, events, deliveries, stats, pauses, settings, jobs, audit } = this.database.tables;
    const tables = [endpoints, events, deliveries, stats, pauses, settings, jobs, audit];
    const rows = await this.read(
      `SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
        WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relation IN (${tables.map(() => 'to_regclass(?)').join(', ')})`,
      tables,
    );
    return rows.map(({ writer }) => String(writer));
  }

  /**
   * Of the tenant's events after one id and up to another that were created before a time: the ids that open transactions
   * have stored. MySQL and MariaDB only.
   */
  async uncommittedEvents(
    tenant: string,
    { after, upTo, before }: { readonly after: string; readonly upTo: string; readonly before: number },
    committed: readonly string[],
  ): Promise<string[]> {
    if (!this.database.isMysql) return [];
    const { tables } = this.database;
    const rows = await this.readUncommitted(
      `SELECT id FROM ${this.by('webhook_events_tenant', tables.events)}
        WHERE tenant = ? AND id > ? AND id <= ? AND created_at < ?`,
      [tenant, after, upTo, before],
    );
    const known = new Set(committed);
    return rows.map(({ id }) => String(id)).filter((id) => !known.has(id));
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
      `SELECT id FROM ${this.by('webhook_audit_tenant', audit)} WHERE tenant = ? AND ${TELLING} LIMIT ${limit}`,
      [tenant],
    );
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => String(id));
    const sql = `UPDATE ${this.by('PRIMARY', audit)} SET values_before = NULL, values_after = NULL,
      actor = CASE WHEN actor_kind IN (${PEOPLES}) THEN NULL ELSE actor END WHERE id IN (${marksFor(ids)})`;
    return [['audit', statementWith(this.database, sql, ids)]];
  }

  /** One row that tells whether there is anything of the tenant, in the range of the round if there is one. */
  private anyOf(tenant: string, exceptJob: string, round?: ErasureRound): SqlStatement {
    const { endpoints, events, deliveries, stats, pauses, settings, jobs, audit } = this.database.tables;
    const [ownJobs, jobParams] = this.ownJobs(tenant, exceptJob);
    const upTo = (id: string | undefined): [string, unknown[]] =>
      id === undefined ? ['tenant = ?', [tenant]] : ['tenant = ? AND id <= ?', [tenant, id]];
    const looks: [table: string, where: string, params: unknown[]][] = [
      [this.by('webhook_endpoints_tenant', endpoints), ...upTo(undefined)],
      [pauses, `tenant = ? AND scope <> 'all'`, [tenant]],
      [settings, ...upTo(undefined)],
      [jobs, ownJobs, jobParams],
      [this.by('webhook_deliveries_tenant', deliveries), ...upTo(round?.deliveries)],
      [this.by('webhook_events_tenant', events), ...upTo(round?.events)],
      [this.by(STATS_INDEX, stats), ...upTo(undefined)],
      [this.by('webhook_audit_tenant', audit), `tenant = ? AND ${TELLING}`, [tenant]],
    ];
    const exists = looks.map(([table, where]) => `EXISTS (SELECT 1 FROM ${table} WHERE ${where})`);
    return {
      sql: `SELECT CASE WHEN ${exists.join(' OR ')} THEN 1 ELSE 0 END AS found`,
      params: looks.flatMap(([, , params]) => params),
    };
  }

  /** The newest id of the tenant's rows, but at least `least`. */
  private async newest(table: string, index: ForcedIndex, tenant: string, least: string): Promise<string> {
    const from = this.by(index, table);
    const [row] = await this.read(`SELECT MAX(id) AS newest FROM ${from} WHERE tenant = ?`, [tenant]);
    const newest = String(row!.newest ?? '');
    return newest > least ? newest : least;
  }

  private async idsOf(
    table: string,
    index: ForcedIndex,
    tenant: string,
    limit: number,
    upTo?: string,
  ): Promise<string[]> {
    const [where, params] = upTo === undefined ? ['', [tenant]] : [' AND id <= ?', [tenant, upTo]];
    // PostgreSQL takes a tenant's rows to be spread over the table, and would read it from its start for each batch. A
    // range and its order name the index.
    const { isPostgres } = this.database;
    const [ofTenant, order] = isPostgres
      ? ['tenant BETWEEN ? AND ?', ' ORDER BY tenant, id']
      : ['tenant = ?', ''];
    const rows = await this.read(
      `SELECT id FROM ${this.by(index, table)} WHERE ${ofTenant}${where}${order} LIMIT ${limit}`,
      isPostgres ? [tenant, ...params] : params,
    );
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

  /** MySQL and MariaDB: reads what open transactions have written, too. */
  private async readUncommitted(sql: string, params: readonly unknown[]): Promise<SqlRow[]> {
    const statement = statementWith(this.database, sql, params);
    const [result] = await this.database.executor.run([{ ...statement, isolation: 'READ UNCOMMITTED' }]);
    return result!.rows;
  }
}
