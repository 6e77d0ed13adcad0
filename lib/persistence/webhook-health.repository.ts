import { Inject, Injectable } from '@nestjs/common';
import type { Repository, UpdateQueryBuilder } from 'typeorm';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookEndpoint, type WebhookDisabledReason } from './webhook-endpoint.entity.js';

/** More than any `delivery.timeout`: a bound that the index of attempts knows. */
const LONGEST_ATTEMPT_MS = 3_600_000;

/** Since when an endpoint has failed, and turning it off for that. */
@Injectable()
export class WebhookHealthRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async startFailing(id: string, since: number): Promise<void> {
    await this.database.write(
      this.rows
        .createQueryBuilder()
        .update()
        .set({ failingSince: since })
        .where('id = :id AND failing_since IS NULL', { id }),
    );
  }

  async stopFailing(id: string): Promise<void> {
    await this.database.write(
      this.rows.createQueryBuilder().update().set({ failingSince: null }).where({ id }),
    );
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
      .andWhere(`NOT EXISTS (${this.successSince()})`, {
        endpointId: id,
        failingSince,
        startedSince: failingSince - LONGEST_ATTEMPT_MS,
      });
    if ((await this.database.write(disable)) > 0) return true;
    const restart = this.rows
      .createQueryBuilder()
      .update()
      .set({ failingSince: now })
      .where({ id, failingSince, active: true });
    await this.database.write(restart);
    return false;
  }

  private disabling(
    id: string,
    reason: WebhookDisabledReason,
    now: number,
  ): UpdateQueryBuilder<WebhookEndpoint> {
    return this.rows
      .createQueryBuilder()
      .update()
      .set({ active: false, disabledReason: reason, disabledAt: now, updatedAt: now })
      .where({ id, active: true });
  }

  /** Attempts that ended after the parameter `failingSince`; tests tell nothing of an endpoint's health. */
  private successSince(): string {
    const { attempts, deliveries } = this.database.tables;
    return `SELECT 1 FROM ${attempts} a JOIN ${deliveries} d ON d.id = a.delivery_id
      WHERE a.endpoint_id = :endpointId AND a.outcome = 'succeeded' AND d.test = false
        AND a.started_at >= :startedSince AND a.started_at + a.duration_ms >= :failingSince`;
  }

  private get rows(): Repository<WebhookEndpoint> {
    return this.database.dataSource.getRepository(WebhookEndpoint);
  }
}
