import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder, UpdateQueryBuilder } from 'typeorm';
import { HOUR_MS, hourOf } from '../domain/hour.js';
import { firstIdAfter, firstIdAt } from '../domain/id.js';
import { ifChanged, type SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint, type WebhookDisabledReason } from './webhook-endpoint.entity.js';

/** If the first failure's hour also has a success, its delivery is younger than this was then. */
const OLDEST_SUCCESS_MS = 2 * 24 * HOUR_MS;

/** Since when an endpoint has been failing, and disabling it for that. */
@Injectable()
export class WebhookHealthRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async startFailing(id: string, since: number): Promise<void> {
    const start = this.rows().update().set({ failingSince: since, failingToldAt: null });
    await this.database.write(start.where('id = :id AND failing_since IS NULL', { id }));
  }

  /** Resolves with true for the one caller that ends the state of failing. */
  async stopFailing(id: string): Promise<boolean> {
    const stop = (): UpdateQueryBuilder<WebhookEndpoint> =>
      this.rows().update().set({ failingSince: null, failingToldAt: null }).where({ id });
    if ((await this.database.write(stop().andWhere('failing_told_at IS NOT NULL'))) > 0) return true;
    await this.database.write(stop());
    return false;
  }

  /**
   * Resolves with true for the one caller that has to tell the app. If an attempt has succeeded since, the endpoint is
   * failing since now.
   */
  async markFailing(id: string, failingSince: number, now: number): Promise<boolean> {
    const untold = (change: Partial<WebhookEndpoint>): UpdateQueryBuilder<WebhookEndpoint> =>
      this.rows()
        .update()
        .set(change)
        .where({ id, failingSince, active: true })
        .andWhere('failing_told_at IS NULL');
    const mark = this.ifNoneSucceeded(untold({ failingToldAt: now }), id, failingSince);
    if ((await this.database.write(mark)) > 0) return true;
    await this.database.write(untold({ failingSince: now }));
    return false;
  }

  /** No worker sends anything to it before `until`. */
  async defer(id: string, until: number): Promise<void> {
    const update = this.rows().update().set({ deferredUntil: until }).where({ id });
    await this.database.write(
      update.andWhere('(deferred_until IS NULL OR deferred_until < :until)', { until }),
    );
  }

  /** Turns on an endpoint that was disabled for failing. Resolves with true for the one caller that did. */
  async enable(id: string, now: number, also: readonly SqlStatement[]): Promise<boolean> {
    const enable = this.rows()
      .update()
      .set({
        active: true,
        disabledReason: null,
        disabledNote: null,
        disabledAt: null,
        failingSince: null,
        failingToldAt: null,
        deferredUntil: null,
        updatedAt: now,
      })
      .where({ id, active: false, disabledReason: 'failing' });
    return (await this.database.write(enable, ifChanged(also))) > 0;
  }

  /** Up to `limit` endpoints that were disabled for failing before `disabledBefore` and are due to be probed. */
  async toProbe(now: number, disabledBefore: number, limit: number): Promise<WebhookEndpoint[]> {
    return this.rows()
      .where({ active: false, disabledReason: 'failing' })
      .andWhere('row.disabled_at <= :disabledBefore', { disabledBefore })
      .andWhere('(row.deferred_until IS NULL OR row.deferred_until <= :now)', { now })
      .orderBy('row.disabled_at', 'ASC')
      .limit(limit)
      .getMany();
  }

  /** Resolves with true for the one caller that probes it now. @param next when it is probed again */
  async takeProbe(id: string, now: number, next: number): Promise<boolean> {
    const take = this.rows()
      .update()
      .set({ deferredUntil: next })
      .where({ id, active: false, disabledReason: 'failing' })
      .andWhere('(deferred_until IS NULL OR deferred_until <= :now)', { now });
    return (await this.database.write(take)) > 0;
  }

  /** The newest delivery that failed. */
  lastFailed(endpointId: string): Promise<WebhookDelivery | null> {
    return this.database.primary.findOne(WebhookDelivery, {
      where: { endpointId, status: 'failed', test: false },
      order: { id: 'DESC' },
    });
  }

  /** By an operator, who tells its owner why; false where it is so already. Whoever has turned it off, it is the operator's now. @param also with it */
  async disableFor(id: string, note: string, now: number, also: readonly SqlStatement[]): Promise<boolean> {
    const disable = this.rows()
      .update()
      .set({ active: false, disabledReason: 'operator', disabledNote: note, disabledAt: now, updatedAt: now })
      .where({ id })
      .andWhere(`(disabled_reason IS NULL OR disabled_reason <> 'operator' OR disabled_note <> :note)`, {
        note,
      });
    return (await this.database.write(disable, ifChanged(also))) > 0;
  }

  /** Resolves with true for the one caller that disabled it. */
  async disable(
    id: string,
    reason: WebhookDisabledReason,
    now: number,
    also: readonly SqlStatement[],
  ): Promise<boolean> {
    return (await this.database.write(this.disabling(id, reason, now), ifChanged(also))) > 0;
  }

  /**
   * Like `disable`, if no attempt has succeeded since `failingSince`. If one has, that time was stale: a success that
   * ran together with the first failure did not know of it, and did not clear it. Then the endpoint is failing since
   * now.
   */
  async disableFailing(
    id: string,
    failingSince: number,
    now: number,
    also: readonly SqlStatement[],
  ): Promise<boolean> {
    const disable = this.ifNoneSucceeded(
      this.disabling(id, 'failing', now).andWhere({ failingSince }),
      id,
      failingSince,
    );
    if ((await this.database.write(disable, ifChanged(also))) > 0) return true;
    const restart = this.rows().update().set({ failingSince: now }).where({ id, failingSince, active: true });
    await this.database.write(restart);
    return false;
  }

  private ifNoneSucceeded(
    update: UpdateQueryBuilder<WebhookEndpoint>,
    id: string,
    failingSince: number,
  ): UpdateQueryBuilder<WebhookEndpoint> {
    return update
      .andWhere(`NOT EXISTS (${this.successInLaterHour()})`, { endpointId: id, hour: hourOf(failingSince) })
      .andWhere(`NOT EXISTS (${this.successInSameHour()})`, {
        failingSince,
        firstId: firstIdAt('dlv', failingSince - OLDEST_SUCCESS_MS),
        nextId: firstIdAfter('dlv', hourOf(failingSince) + HOUR_MS),
      });
  }

  private disabling(
    id: string,
    reason: WebhookDisabledReason,
    now: number,
  ): UpdateQueryBuilder<WebhookEndpoint> {
    return this.rows()
      .update()
      .set({ active: false, disabledReason: reason, disabledAt: now, updatedAt: now })
      .where({ id, active: true });
  }

  /** Attempts that began after the hour of the parameter `failingSince`, without those of tests: they are counted. */
  private successInLaterHour(): string {
    return `SELECT 1 FROM ${this.database.tables.stats} s
      WHERE s.endpoint_id = :endpointId AND s.hour > :hour AND s.outcome = 'succeeded'`;
  }

  /** Deliveries that ended after the parameter `failingSince`. Tests say nothing about an endpoint's health. */
  private successInSameHour(): string {
    return `SELECT 1 FROM ${this.database.tables.deliveries} d
      WHERE d.endpoint_id = :endpointId AND d.id >= :firstId AND d.id < :nextId
        AND d.status = 'succeeded' AND d.test = false AND d.completed_at >= :failingSince`;
  }

  private rows(): SelectQueryBuilder<WebhookEndpoint> {
    return this.database.primary.createQueryBuilder(WebhookEndpoint, 'row');
  }
}
