import { MoreThan } from 'typeorm';
import type { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { WebhookDelivery } from '../persistence/webhook-delivery.entity.js';

/** When the first delivery after `now` is due, epoch ms; `undefined` where none is. */
export async function nextDueAt({ primary }: WebhooksDatabase, now: number): Promise<number | undefined> {
  const next = await primary.findOne(WebhookDelivery, {
    select: { id: true, nextAttemptAt: true },
    where: { status: 'pending', nextAttemptAt: MoreThan(now) },
    order: { nextAttemptAt: 'ASC' },
  });
  return next?.nextAttemptAt ?? undefined;
}
