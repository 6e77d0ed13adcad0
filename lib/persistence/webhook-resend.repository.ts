import { Inject, Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { newDelivery } from './new-delivery.js';
import type { Lease, NewEvent } from './sql/delivery-statements.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

/** Single deliveries that do not come from an emit: tests and resends. */
@Injectable()
export class WebhookResendRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** Stores a test event with the one delivery that the caller sends under `lease`. */
  async storeTest(event: NewEvent, deliveryId: string, endpointId: string, lease: Lease): Promise<void> {
    const delivery = newDelivery(event, deliveryId, endpointId);
    await this.database.write(
      this.events
        .createQueryBuilder()
        .insert()
        .values({ ...event, test: true }),
      this.deliveries
        .createQueryBuilder()
        .insert()
        .values({
          ...delivery,
          test: true,
          single: true,
          nextAttemptAt: lease.expiresAt,
          leaseToken: lease.token,
        }),
    );
  }

  /** Makes a delivery due now, under `lease` where there is one. False where somebody is sending it. */
  async revive(delivery: WebhookDelivery, now: number, lease: Lease | null): Promise<boolean> {
    const { id, status } = delivery;
    const update = this.deliveries
      .createQueryBuilder()
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
    return (await this.database.write(update)) > 0;
  }

  private get deliveries(): Repository<WebhookDelivery> {
    return this.database.dataSource.getRepository(WebhookDelivery);
  }

  private get events(): Repository<WebhookEvent> {
    return this.database.dataSource.getRepository(WebhookEvent);
  }
}
