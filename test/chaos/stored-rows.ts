import type { DataSource } from 'typeorm';
import { WebhookAttempt, WebhookDelivery, WebhookEvent } from 'nestjs-webhooks';
import { groupBy, pairKey } from './oracle.js';

export interface StoredDelivery extends Pick<
  WebhookDelivery,
  'id' | 'eventId' | 'endpointId' | 'status' | 'attemptCount' | 'errorCode'
> {
  readonly attempts: readonly Pick<WebhookAttempt, 'deliveryId' | 'number' | 'outcome'>[];
}

/** Everything that is in the database when all is over. */
export interface StoredRows {
  readonly events: readonly Pick<WebhookEvent, 'id' | 'tenant'>[];
  readonly eventIds: ReadonlySet<string>;
  readonly bodies: ReadonlyMap<string, string>;
  /** Ids of events by the mark that the emitter gave them. */
  readonly byRef: ReadonlyMap<string, string[]>;
  readonly deliveries: readonly StoredDelivery[];
  readonly byPair: ReadonlyMap<string, StoredDelivery[]>;
  /** Attempts that the statistics have, by outcome. */
  readonly counted: ReadonlyMap<string, number>;
}

export async function storedRows(dataSource: DataSource): Promise<StoredRows> {
  const events = await dataSource
    .getRepository(WebhookEvent)
    .find({ select: { id: true, tenant: true, body: true } });
  const found = await dataSource.getRepository(WebhookDelivery).find();
  const attempts = await dataSource
    .getRepository(WebhookAttempt)
    .find({ select: { id: true, deliveryId: true, number: true, outcome: true } });
  const attemptsOf = groupBy(attempts, ({ deliveryId }) => deliveryId);
  const deliveries = found.map((row) => ({ ...row, attempts: attemptsOf.get(row.id) ?? [] }));
  const byRef = new Map<string, string[]>();
  for (const { id, body } of events) {
    const { ref } = (JSON.parse(body) as { data: { ref: string } }).data;
    byRef.set(ref, [...(byRef.get(ref) ?? []), id]);
  }
  const counted: { outcome: string; attempts: string | number }[] = await dataSource
    .getRepository('WebhookStat')
    .createQueryBuilder()
    .select('outcome', 'outcome')
    .addSelect('SUM(attempts)', 'attempts')
    .groupBy('outcome')
    .getRawMany();
  return {
    events,
    eventIds: new Set(events.map(({ id }) => id)),
    bodies: new Map(events.map(({ id, body }) => [id, body])),
    byRef,
    deliveries,
    byPair: groupBy(deliveries, ({ eventId, endpointId }) => pairKey(eventId, endpointId)),
    counted: new Map(counted.map(({ outcome, attempts: sum }) => [outcome, Number(sum)])),
  };
}
