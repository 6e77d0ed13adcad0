import { And, LessThan, MoreThan } from 'typeorm';
import { PARKED_MS } from '../domain/parking.js';
import type { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { WebhookDelivery } from '../persistence/webhook-delivery.entity.js';

/** When the first delivery after `now` is due, epoch ms; `undefined` where none is. */
export async function nextDueAt({ primary }: WebhooksDatabase, now: number): Promise<number | undefined> {
  const next = await primary.findOne(WebhookDelivery, {
    select: { id: true, nextAttemptAt: true },
    where: { status: 'pending', nextAttemptAt: And(MoreThan(now), LessThan(PARKED_MS)) },
    order: { nextAttemptAt: 'ASC' },
  });
  return next?.nextAttemptAt ?? undefined;
}
