import { Inject, Injectable } from '@nestjs/common';
import type { LoadedDelivery } from '../persistence/sql/delivery-statements.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';

/** Slots further away than this are left to whoever claims the delivery then. */
const HORIZON_MS = 1_000;
const MAX_DEFERRAL_MS = 120_000;
/** How much of what was late is made up for at once: a fiftieth of a second's requests at most. */
const MADE_UP_MS = 20;
const MAX_PACES = 10_000;

export interface Admission {
  readonly ready: LoadedDelivery[];
  readonly delayed: { readonly delivery: LoadedDelivery; readonly at: number }[];
  readonly refused: { readonly delivery: LoadedDelivery; readonly until: number }[];
}

/** Keeps the requests to an endpoint under its rate limit, counted over all workers. */
@Injectable()
export class RateLimiter {
  /** When the next request to an endpoint is on time in this process, by `performance.now()`. */
  private readonly paces = new Map<string, number>();

  constructor(@Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository) {}

  /**
   * How long a request that could start now has to wait, in ms. Slots that were missed, by a busy event loop or a lane without
   * a place, would be used all at once otherwise.
   */
  takeTurn({ endpointId, endpoint }: LoadedDelivery): number {
    if (!endpoint?.rateLimit) return 0;
    const now = performance.now();
    const at = Math.max(this.paces.get(endpointId) ?? 0, now - MADE_UP_MS);
    if (this.paces.size >= MAX_PACES) this.paces.clear();
    this.paces.set(endpointId, at + 1_000 / endpoint.rateLimit);
    return Math.max(0, at - now);
  }

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
    const perSecond = group[0]!.endpoint!.rateLimit!;
    const slots = await this.endpoints.reserveSlots(endpointId, group.length, perSecond, now, HORIZON_MS);
    for (const [index, delivery] of group.entries()) {
      const at = slots[index];
      if (at === undefined) {
        const wait = HORIZON_MS + ((index - slots.length) * 1_000) / perSecond;
        refused.push({ delivery, until: now + Math.ceil(Math.min(wait, MAX_DEFERRAL_MS)) });
      } else if (at <= now) ready.push(delivery);
      else delayed.push({ delivery, at });
    }
  }
}
