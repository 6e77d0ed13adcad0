import { Inject, Injectable } from '@nestjs/common';
import type { LoadedDelivery } from '../persistence/sql/delivery-statements.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';

/** Slots further away than this are left to whoever claims the delivery then. */
const HORIZON_MS = 1_000;
const MAX_DEFERRAL_MS = 120_000;

export interface Admission {
  readonly ready: LoadedDelivery[];
  readonly delayed: { readonly delivery: LoadedDelivery; readonly at: number }[];
  readonly refused: { readonly delivery: LoadedDelivery; readonly until: number }[];
}

/** Keeps the requests to an endpoint under its rate limit, counted over all workers. */
@Injectable()
export class RateLimiter {
  constructor(@Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository) {}

  async admit(deliveries: readonly LoadedDelivery[], now: number): Promise<Admission> {
    const admission: Admission = { ready: [], delayed: [], refused: [] };
    const limited = new Map<string, LoadedDelivery[]>();
    for (const delivery of deliveries) {
      if (!delivery.endpoint?.rateLimit || !delivery.endpoint.active) admission.ready.push(delivery);
      else limited.set(delivery.endpointId, [...(limited.get(delivery.endpointId) ?? []), delivery]);
    }
    for (const [endpointId, group] of limited) await this.admitLimited(endpointId, group, now, admission);
    return admission;
  }

  private async admitLimited(
    endpointId: string,
    group: readonly LoadedDelivery[],
    now: number,
    { ready, delayed, refused }: Admission,
  ): Promise<void> {
    // Rounded up to whole milliseconds: rather a little under the limit than over it.
    const intervalMs = Math.ceil(1_000 / group[0]!.endpoint!.rateLimit!);
    const slots = await this.endpoints.reserveSlots(endpointId, group.length, intervalMs, now, HORIZON_MS);
    for (const [index, delivery] of group.entries()) {
      const at = slots[index];
      if (at === undefined) {
        const wait = HORIZON_MS + (index - slots.length) * intervalMs;
        refused.push({ delivery, until: now + Math.min(wait, MAX_DEFERRAL_MS) });
      } else if (at <= now) ready.push(delivery);
      else delayed.push({ delivery, at });
    }
  }
}
