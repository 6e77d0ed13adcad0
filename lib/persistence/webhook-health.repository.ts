import { Inject, Injectable } from '@nestjs/common';
import type { SelectQueryBuilder, UpdateQueryBuilder } from 'typeorm';
import { HOUR_MS, hourOf } from '../domain/hour.js';
import { firstIdAfter, firstIdAt } from '../domain/id.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookEndpoint, type WebhookDisabledReason } from './webhook-endpoint.entity.js';

/** A success that ends in the hour of the first failure is found where its delivery is younger than this was then. */
const OLDEST_SUCCESS_MS = 2 * 24 * HOUR_MS;

/** Since when an endpoint has failed, and turning it off for that. */
@Injectable()
export class WebhookHealthRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async startFailing(id: string, since: number): Promise<void> {
    await this.database.write(
      this.rows().update().set({ failingSince: since }).where('id = :id AND failing_since IS NULL', { id }),
    );
  }

  async stopFailing(id: string): Promise<void> {
    await this.database.write(this.rows().update().set({ failingSince: null }).where({ id }));
  }

  /** Gives true to the one caller that turned it off. */
  async disable(id: string, reason: WebhookDisabledReason, now: number): Promise<boolean> {
    return (await this.database.write(this.disabling(id, reason, now))) > 0;
  }

  /**
   * As `disable`, if no attempt has succeeded since `failingSince`. Where one has, that time was stale (a success that
   * was under way with the first failure knows nothing of it, and does not end it), and the endpoint fails since now.
   */
  async disableFailing(id: string, failingSince: number, now: number): Promise<boolean> {
    const disable = this.disabling(id, 'failing', now)
      .andWhere({ failingSince })
      .andWhere(`NOT EXISTS (${this.successInLaterHour()})`, { endpointId: id, hour: hourOf(failingSince) })
      .andWhere(`NOT EXISTS (${this.successInSameHour()})`, {
        failingSince,
        firstId: firstIdAt('dlv', failingSince - OLDEST_SUCCESS_MS),
        nextId: firstIdAfter('dlv', hourOf(failingSince) + HOUR_MS),
      });
    if ((await this.database.write(disable)) > 0) return true;
    const restart = this.rows().update().set({ failingSince: now }).where({ id, failingSince, active: true });
    await this.database.write(restart);
    return false;
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

  /** Attempts that began after the hour of the parameter `failingSince`, those of tests apart: they are counted. */
  private successInLaterHour(): string {
    return `SELECT 1 FROM ${this.database.tables.stats} s
      WHERE s.endpoint_id = :endpointId AND s.hour > :hour AND s.outcome = 'succeeded'`;
  }

  /** Deliveries that ended after the parameter `failingSince`; tests tell nothing of an endpoint's health. */
  private successInSameHour(): string {
    return `SELECT 1 FROM ${this.database.tables.deliveries} d
      WHERE d.endpoint_id = :endpointId AND d.id >= :firstId AND d.id < :nextId
        AND d.status = 'succeeded' AND d.test = false AND d.completed_at >= :failingSince`;
  }

  private rows(): SelectQueryBuilder<WebhookEndpoint> {
    return this.database.primary.createQueryBuilder(WebhookEndpoint, 'row');
  }
}
