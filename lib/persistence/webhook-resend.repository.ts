import { Inject, Injectable } from '@nestjs/common';
import { In, type Repository } from 'typeorm';
import { patternsOf } from '../domain/event-type.js';
import { newId } from '../domain/id.js';
import type { Lease, NewEvent } from './sql/delivery-statements.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

/** Epoch ms; `until` is exclusive. */
export interface WebhookTimeRange {
  readonly since: number;
  readonly until: number;
}

/** A recovery sends this many deliveries, then pauses for `PACE_MS`. */
const PACE_SIZE = 100;
const PACE_MS = 2_000;
const PAGE = 500;

/** Deliveries that do not come from an emit: tests, resends and recoveries. */
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

  /** Starts the failed and canceled deliveries of the range again; gives how many. */
  async recoverFinal(endpoint: WebhookEndpoint, range: WebhookTimeRange, now: number): Promise<number> {
    let recovered = 0;
    for (let after = ''; ;) {
      // Never back to a row that was passed: one that fails again meanwhile is not recovered twice.
      const rows = await this.deliveries
        .createQueryBuilder('row')
        .select('row.id')
        .where({ endpointId: endpoint.id, test: false, status: In(['failed', 'canceled']) })
        .andWhere('row.id > :after AND row.created_at >= :since AND row.created_at < :until', {
          after,
          ...range,
        })
        .orderBy('row.id', 'ASC')
        .limit(PACE_SIZE)
        .getMany();
      const last = rows.at(-1);
      if (!last) return recovered;
      after = last.id;
      const update = this.deliveries
        .createQueryBuilder()
        .update()
        .set({
          status: 'pending',
          scheduleAttempts: 0,
          firstAttemptAt: null,
          completedAt: null,
          single: false,
          nextAttemptAt: paced(now, recovered),
        })
        .where({ id: In(rows.map((row) => row.id)), status: In(['failed', 'canceled']) });
      recovered += await this.database.write(update);
    }
  }

  /** Makes the deliveries that matching events of the range never had; gives how many. `ahead` go before them. */
  async recoverMissing(
    endpoint: WebhookEndpoint,
    range: WebhookTimeRange,
    now: number,
    ahead: number,
  ): Promise<number> {
    const wanted = new Set(endpoint.events);
    let created = 0;
    for (let after = ''; ;) {
      const page = await this.eventsWithoutDelivery(endpoint, range, after);
      const matching = page.filter((event) => patternsOf(event.type).some((pattern) => wanted.has(pattern)));
      const rows = matching.map((event, index) => ({
        ...newDelivery(event, newId('dlv', now), endpoint.id),
        nextAttemptAt: paced(now, ahead + created + index),
      }));
      if (rows.length > 0) {
        // A fan-out may have been faster.
        created += await this.database.write(
          this.deliveries.createQueryBuilder().insert().values(rows).orIgnore(),
        );
      }
      if (page.length < PAGE) return created;
      after = page.at(-1)!.id;
    }
  }

  private eventsWithoutDelivery(
    endpoint: WebhookEndpoint,
    range: WebhookTimeRange,
    after: string,
  ): Promise<WebhookEvent[]> {
    return this.events
      .createQueryBuilder('event')
      .where({ tenant: endpoint.tenant, test: false })
      .andWhere('event.id > :after AND event.created_at >= :since AND event.created_at < :until', {
        after,
        ...range,
      })
      .andWhere((query) => {
        const existing = query
          .subQuery()
          .select('1')
          .from(WebhookDelivery, 'delivery')
          .where('delivery.event_id = event.id AND delivery.endpoint_id = :endpointId', {
            endpointId: endpoint.id,
          });
        return `NOT EXISTS ${existing.getQuery()}`;
      })
      .setParameter('endpointId', endpoint.id)
      .orderBy('event.id', 'ASC')
      .limit(PAGE)
      .getMany();
  }

  private get deliveries(): Repository<WebhookDelivery> {
    return this.database.dataSource.getRepository(WebhookDelivery);
  }

  private get events(): Repository<WebhookEvent> {
    return this.database.dataSource.getRepository(WebhookEvent);
  }
}

const paced = (now: number, index: number): number => now + Math.floor(index / PACE_SIZE) * PACE_MS;

function newDelivery(
  event: Pick<NewEvent, 'id' | 'tenant' | 'type' | 'createdAt'>,
  id: string,
  endpointId: string,
): WebhookDelivery {
  return {
    id,
    eventId: event.id,
    endpointId,
    tenant: event.tenant,
    eventType: event.type,
    status: 'pending',
    attemptCount: 0,
    scheduleAttempts: 0,
    firstAttemptAt: null,
    nextAttemptAt: null,
    leaseToken: null,
    single: false,
    test: false,
    statusCode: null,
    errorCode: null,
    createdAt: event.createdAt,
    completedAt: null,
  };
}
