import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { PARKED_MS } from '../domain/parking.js';
import type { PausedTarget } from '../domain/pauses.js';
import { ifChanged, type SqlRow, type SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookPause } from './webhook-pause.entity.js';

/** The most pauses that may exist, because every worker reads all of them again and again. */
export const MOST_PAUSES = 1_000;

/** A delivery that waits for the end of a pause. `parkedAt` is the value in its row. */
export interface ParkedDelivery {
  readonly id: string;
  readonly tenant: string;
  readonly endpointId: string;
  readonly parkedAt: number;
}

/** Pauses, and the deliveries that wait for their end. Times in epoch ms. */
@Injectable()
export class WebhookPauseRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** The newest first. */
  list(): Promise<WebhookPause[]> {
    return this.rows().orderBy('row.id', 'DESC').limit(MOST_PAUSES).getMany();
  }

  find(id: string): Promise<WebhookPause | null> {
    return this.rows().where({ id }).getOne();
  }

  findOf({ scope, tenant, endpointId }: PausedTarget): Promise<WebhookPause | null> {
    return this.rows().where({ scope, tenant, endpointId }).getOne();
  }

  /**
   * Inserts it unless its target is already paused, or there are too many; returns whether it was inserted. @param
   * also runs in the transaction
   */
  async insert(pause: WebhookPause, also: readonly SqlStatement[]): Promise<boolean> {
    const isSame = (row: SqlRow): boolean =>
      row.scope === pause.scope && row.tenant === pause.tenant && row.endpoint_id === pause.endpointId;
    const { written } = await this.database.writeIf(
      'pauses',
      this.rows()
        .select('row.scope', 'scope')
        .addSelect('row.tenant', 'tenant')
        .addSelect('row.endpoint_id', 'endpoint_id'),
      (rows) => rows.length < MOST_PAUSES && !rows.some(isSame),
      this.rows().insert().values(pause),
      also,
    );
    return written;
  }

  /** Returns false if there is no pause with this id. @param also runs in the transaction */
  async delete(id: string, also: readonly SqlStatement[]): Promise<boolean> {
    return (await this.database.write(this.rows().delete().where({ id }), ifChanged(also))) > 0;
  }

  /** Up to `limit` parked deliveries from `from` on, in the order of `parkedAt`. */
  async parked(from: number, limit: number): Promise<ParkedDelivery[]> {
    const { tables, isMysql, isPostgres, primary } = this.database;
    const index = isMysql ? ` FORCE INDEX (${tables.index('webhook_deliveries_due')})` : '';
    const rows: SqlRow[] = await primary.query(
      `SELECT id, tenant, endpoint_id, next_attempt_at FROM ${tables.deliveries}${index}
        WHERE status = 'pending' AND next_attempt_at >= ${isPostgres ? '$1' : '?'}
        ORDER BY next_attempt_at LIMIT ${limit}`,
      [Math.max(from, PARKED_MS)],
    );
    return rows.map((row) => ({
      id: String(row.id),
      tenant: String(row.tenant),
      endpointId: String(row.endpoint_id),
      parkedAt: Number(row.next_attempt_at),
    }));
  }

  /** Makes those that are still parked due at their own times again; returns their number. */
  unpark(ids: readonly string[]): Promise<number> {
    const { tables, isMysql, isPostgres } = this.database;
    const byId = isMysql ? ' FORCE INDEX (PRIMARY)' : '';
    const among = isPostgres ? '= ANY ($1::text[])' : `IN (${ids.map(() => '?').join(', ')})`;
    return this.database.write({
      sql: `UPDATE ${tables.deliveries}${byId} SET next_attempt_at = next_attempt_at - ${PARKED_MS}
        WHERE id ${among} AND status = 'pending' AND next_attempt_at >= ${PARKED_MS}`,
      params: isPostgres ? [ids] : ids,
    });
  }

  private rows(): SelectQueryBuilder<WebhookPause> {
    return this.database.primary.createQueryBuilder(WebhookPause, 'row');
  }
}
