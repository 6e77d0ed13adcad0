import type { NewEvent } from '../domain/delivery.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';

/** A delivery that was never attempted, as old as its event. */
export function newDelivery(
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
