import { Inject, Injectable } from '@nestjs/common';
import type { WebhookActName } from '../domain/audit.js';
import { equal, inTime } from './log-filter.js';
import { selectById, type Condition } from './sql/id-range.js';
import { oneOf } from './sql/one-of.js';
import type { SqlRow, SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase, statementOf } from './sql/webhooks-database.js';
import { WebhookAuditRow } from './webhook-audit.entity.js';
import type { IdRange, PrunedBatch, WebhookPage } from './webhook-log.repository.js';

/** Filters acts. All conditions must hold. Times in epoch ms; `until` is exclusive. */
export interface AuditFilter {
  /** `undefined`: all tenants. */
  readonly tenant?: string;
  readonly endpointId?: string;
  readonly act?: WebhookActName;
  readonly actor?: string;
  readonly since?: number;
  readonly until?: number;
  /** Only these acts. */
  readonly among?: readonly WebhookActName[];
}

/** The audit log. Rows are inserted, read and pruned, never changed. */
@Injectable()
export class WebhookAuditRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** Inserts in the transaction of the act itself. */
  insertion(row: WebhookAuditRow): SqlStatement {
    return statementOf(this.database.primary.createQueryBuilder(WebhookAuditRow, 'row').insert().values(row));
  }

  async write(statements: readonly SqlStatement[]): Promise<void> {
    await this.database.write(...statements);
  }

  /** The newest first. */
  async list(filter: AuditFilter, { limit, cursor }: WebhookPage): Promise<WebhookAuditRow[]> {
    const { tenant, endpointId, act, actor, among, since, until } = filter;
    const conditions: Condition[] = [
      ...equal({ tenant, endpoint_id: endpointId, act, actor }),
      ...(among && (act === undefined || !among.includes(act)) ? [isOneOf('act', among)] : []),
      ...inTime('act', { since, until }),
      ...(cursor === undefined ? [] : [['id < ?', cursor] as const]),
    ];
    const { sql, params } = selectById(this.database, {
      table: this.database.tables.audit,
      columns: '*',
      index: this.indexFor(filter),
      conditions: conditions.length > 0 ? conditions : [['id > ?', '']],
      order: 'DESC',
      limit,
    });
    const rows: SqlRow[] = await this.database.replica.query(sql, [...params]);
    return rows.map((row) => this.database.entityOf(WebhookAuditRow, row, ''));
  }

  /** Deletes the next `limit` acts of the range. */
  async prune({ afterId, beforeId }: IdRange, limit: number): Promise<PrunedBatch> {
    const { sql, params } = selectById(this.database, {
      table: this.database.tables.audit,
      columns: 'id',
      index: 'PRIMARY',
      conditions: [
        ['id > ?', afterId],
        ['id < ?', beforeId],
      ],
      order: 'ASC',
      limit,
    });
    const rows: { id: string }[] = await this.database.primary.query(sql, [...params]);
    if (rows.length === 0) return { pruned: 0, lastId: null };
    const ids = rows.map(({ id }) => id);
    const pruned = await this.database.write(
      this.database.primary
        .createQueryBuilder(WebhookAuditRow, 'row')
        .delete()
        .where(...oneOf(this.database, 'id', ids)),
    );
    return { pruned, lastId: ids.at(limit - 1) ?? null };
  }

  /** For MySQL: selects the index that leaves the fewest rows to read. */
  private indexFor({ tenant, endpointId, act, actor }: AuditFilter): string {
    const { tables } = this.database;
    if (endpointId !== undefined) return tables.index('webhook_audit_endpoint');
    if (actor !== undefined) return tables.index('webhook_audit_actor');
    if (act !== undefined)
      return tables.index(tenant === undefined ? 'webhook_audit_act' : 'webhook_audit_tenant_act');
    return tenant === undefined ? 'PRIMARY' : tables.index('webhook_audit_tenant');
  }
}

const isOneOf = (column: string, values: readonly string[]): Condition => [
  `${column} IN (${values.map(() => '?').join(', ')})`,
  ...values,
];
