import { Inject, Injectable } from '@nestjs/common';
import { In, type Repository, type SelectQueryBuilder } from 'typeorm';
import { patternsOf } from '../domain/event-type.js';
import { firstIdAt, newId } from '../domain/id.js';
import { newDelivery } from './new-delivery.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery, type WebhookDeliveryStatus } from './webhook-delivery.entity.js';
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
const RECOVERED: WebhookDeliveryStatus[] = ['failed', 'canceled'];

type Target = Pick<WebhookEndpoint, 'id' | 'tenant' | 'events'>;

/** Sends again what an endpoint missed, and counts it beforehand: both from the same two queries. */
@Injectable()
export class WebhookRecoveryRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** Starts the failed and canceled deliveries of the range again; gives how many. */
  async recoverFinal(endpoint: Target, range: WebhookTimeRange, now: number): Promise<number> {
    let recovered = 0;
    for (let after = ''; ;) {
      // Never back to a row that was passed: one that fails again meanwhile is not recovered twice.
      const rows = await this.deliveriesIn(endpoint, range)
        .select('row.id')
        .andWhere({ status: In(RECOVERED) })
        .andWhere('row.id > :after', { after })
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
        .where({ id: In(rows.map((row) => row.id)), status: In(RECOVERED) });
      recovered += await this.database.write(update);
    }
  }

  /** Makes the deliveries that matching events of the range never had; gives how many. `ahead` go before them. */
  async recoverMissing(
    endpoint: Target,
    range: WebhookTimeRange,
    now: number,
    ahead: number,
  ): Promise<number> {
    const isWanted = matcher(endpoint);
    let created = 0;
    for (let after = ''; ;) {
      const page = await this.eventsWithoutDelivery(endpoint, range)
        .select(['event.id', 'event.tenant', 'event.type', 'event.createdAt'])
        .andWhere('event.id > :after', { after })
        .orderBy('event.id', 'ASC')
        .limit(PAGE)
        .getMany();
      const matching = page.filter((event) => isWanted(event.type));
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

  /** What `recoverFinal` would start again now, and what of the range has not been attempted since it was started. */
  async countDeliveries(
    endpoint: Target,
    range: WebhookTimeRange,
  ): Promise<{ recoverable: number; waiting: number }> {
    const rows = await this.deliveriesIn(endpoint, range)
      .select('row.status', 'status')
      .addSelect('COUNT(*)', 'deliveries')
      .andWhere([{ status: In(RECOVERED) }, { status: 'pending', scheduleAttempts: 0 }])
      .groupBy('row.status')
      .getRawMany<{ status: WebhookDeliveryStatus; deliveries: string | number }>();
    const sum = (isCounted: (status: WebhookDeliveryStatus) => boolean): number =>
      rows.reduce((total, row) => total + (isCounted(row.status) ? Number(row.deliveries) : 0), 0);
    return {
      recoverable: sum((status) => RECOVERED.includes(status)),
      waiting: sum((status) => status === 'pending'),
    };
  }

  /** How many deliveries `recoverMissing` would make now. */
  async countMissing(endpoint: Target, range: WebhookTimeRange): Promise<number> {
    const rows = await this.eventsWithoutDelivery(endpoint, range)
      .select('event.type', 'type')
      .addSelect('COUNT(*)', 'events')
      .groupBy('event.type')
      .getRawMany<{ type: string; events: string | number }>();
    const isWanted = matcher(endpoint);
    return rows.reduce((total, { type, events }) => total + (isWanted(type) ? Number(events) : 0), 0);
  }

  private deliveriesIn(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookDelivery> {
    return (
      this.deliveries
        .createQueryBuilder('row')
        .where({ endpointId: endpoint.id, test: false })
        .andWhere('row.created_at >= :since AND row.created_at < :until', range)
        // No id is older than its row, and the ids are what there is an index of.
        .andWhere('row.id >= :firstId', { firstId: firstIdAt('dlv', range.since) })
    );
  }

  private eventsWithoutDelivery(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookEvent> {
    return this.events
      .createQueryBuilder('event')
      .where({ tenant: endpoint.tenant, test: false })
      .andWhere('event.created_at >= :since AND event.created_at < :until', range)
      .andWhere('event.id >= :firstId', { firstId: firstIdAt('evt', range.since) })
      .andWhere((query) => {
        const existing = query
          .subQuery()
          .select('1')
          .from(WebhookDelivery, 'delivery')
          .where('delivery.event_id = event.id AND delivery.endpoint_id = :endpointId');
        return `NOT EXISTS ${existing.getQuery()}`;
      })
      .setParameter('endpointId', endpoint.id);
  }

  private get deliveries(): Repository<WebhookDelivery> {
    return this.database.dataSource.getRepository(WebhookDelivery);
  }

  private get events(): Repository<WebhookEvent> {
    return this.database.dataSource.getRepository(WebhookEvent);
  }
}

const paced = (now: number, index: number): number => now + Math.floor(index / PACE_SIZE) * PACE_MS;

function matcher(endpoint: Target): (type: string) => boolean {
  const wanted = new Set(endpoint.events);
  return (type) => patternsOf(type).some((pattern) => wanted.has(pattern));
}
