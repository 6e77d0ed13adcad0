import { Inject, Injectable } from '@nestjs/common';
import type { InsertQueryBuilder, SelectQueryBuilder } from 'typeorm';
import type { Lease } from '../domain/lease.js';
import { firstIdAt } from '../domain/id.js';
import type { NewEvent } from '../domain/delivery.js';
import { INITIAL_DELIVERY } from './sql/delivery-columns.js';
import { marksFor, statementWith } from './sql/placeholders.js';
import { ifChanged, type SqlRow, type SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

interface HeldTest {
  readonly id: string;
  readonly endpointId: string;
  readonly lease: Lease;
}

/** Not all deliveries that a pause has deferred are due at the same time: several requests may have been answered with one. */
const PAUSES_DIFFER_MS = 60_000;
const LATER_MS = 1_000;

/** Single deliveries that don't come from an emit: tests and resends. */
@Injectable()
export class WebhookResendRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * Inserts a test event and its one delivery, which the caller sends under `lease`, or the event alone, and returns
   * `null`. If the tenant has had `limit.count` tests after `limit.since`, inserts nothing, and returns the time of
   * the first of those.
   */
  async storeTest(
    event: NewEvent,
    delivery: HeldTest | null,
    limit: { readonly count: number; readonly since: number },
    also: readonly SqlStatement[],
  ): Promise<number | null> {
    const latest = this.events()
      .select('row.created_at', 'time')
      .where({ tenant: event.tenant, test: true })
      .andWhere('row.id >= :firstId AND row.created_at > :since', {
        firstId: firstIdAt('evt', limit.since),
        since: limit.since,
      })
      .orderBy('row.id', 'DESC')
      .limit(limit.count);
    const { rows, written } = await this.database.writeIf(
      `tests ${event.tenant}`,
      latest,
      (tests) => tests.length < limit.count,
      this.events()
        .insert()
        .values({ ...event, test: true }),
      ...(delivery ? [this.testDelivery(event, delivery)] : []),
      also,
    );
    return written ? null : Number(rows.at(-1)!.time);
  }

  private testDelivery(
    event: NewEvent,
    { id, endpointId, lease }: HeldTest,
  ): InsertQueryBuilder<WebhookDelivery> {
    return this.deliveries()
      .insert()
      .values({
        ...INITIAL_DELIVERY,
        id,
        eventId: event.id,
        endpointId,
        tenant: event.tenant,
        eventType: event.type,
        nextAttemptAt: lease.expiresAt,
        leaseToken: lease.token,
        createdAt: event.createdAt,
        single: true,
        test: true,
      });
  }

  /** Makes a delivery due now, under `lease` if given. Returns false if it is being sent. */
  async revive(
    delivery: WebhookDelivery,
    now: number,
    lease: Lease | null,
    also: readonly SqlStatement[] = [],
  ): Promise<boolean> {
    const { id, status } = delivery;
    const update = this.deliveries()
      .update()
      .set({
        status: 'pending',
        nextAttemptAt: lease?.expiresAt ?? now,
        leaseToken: lease?.token ?? null,
        completedAt: null,
        ...(status === 'pending' ? {} : { single: true }),
      })
      .where('id = :id AND status = :status', { id, status })
      .andWhere('(lease_token IS NULL OR next_attempt_at <= :now)', { now });
    return (await this.database.write(update, ifChanged(also))) > 0;
  }

  /**
   * Makes up to `limit` deliveries due that wait for an endpoint until about `until`, when its pause would have ended.
   * Returns their number: fewer than `limit` at the end.
   */
  async bringForward(
    { id, tenant, until }: { readonly id: string; readonly tenant: string; readonly until: number },
    now: number,
    limit: number,
  ): Promise<number> {
    const { tables, isMysql, isPostgres, primary } = this.database;
    const [waiting, byId] = isMysql
      ? [` FORCE INDEX (${tables.waiting})`, ' FORCE INDEX (PRIMARY)']
      : [isPostgres ? '' : ` INDEXED BY ${tables.waiting}`, ''];
    const isDeferred = `status = 'pending' AND lease_token IS NULL AND next_attempt_at > ? AND next_attempt_at <= ?`;
    const times = [Math.max(now, until - PAUSES_DIFFER_MS), until + LATER_MS];
    const find = statementWith(
      this.database,
      `SELECT id FROM ${tables.deliveries}${waiting} WHERE tenant = ? AND endpoint_id = ? AND ${isDeferred}
        ORDER BY next_attempt_at LIMIT ${limit}`,
      [tenant, id, ...times],
    );
    const rows: SqlRow[] = await primary.query(find.sql, [...find.params]);
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => String(row.id));
    await this.database.write(
      statementWith(
        this.database,
        `UPDATE ${tables.deliveries}${byId} SET next_attempt_at = ? WHERE id IN (${marksFor(ids)}) AND ${isDeferred}`,
        [now, ...ids, ...times],
      ),
    );
    return rows.length;
  }

  private deliveries(): SelectQueryBuilder<WebhookDelivery> {
    return this.database.primary.createQueryBuilder(WebhookDelivery, 'row');
  }

  private events(): SelectQueryBuilder<WebhookEvent> {
    return this.database.primary.createQueryBuilder(WebhookEvent, 'row');
  }
}
