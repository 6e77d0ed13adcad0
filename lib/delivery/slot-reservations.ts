import type { WebhookClock } from '../domain/clock.js';
import type { LoadedDelivery } from '../domain/delivery.js';
import type { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { SLOTS_AHEAD_MS, type LaneSlots } from './lane-slots.js';
import type { Lanes } from './lanes.js';

/** While a caller waits until everything is sent, a delivery without a slot soon must not go back to its row. */
const HURRIED_SLOTS_AHEAD_MS = 60_000;
/** How long a rate limit puts a delivery off at most. */
const LONGEST_LIMIT_MS = 120_000;

/** What the reservations need of their worker. */
interface Worker {
  startNext(): void;
  /** Gives a delivery back to its row. */
  defer(delivery: LoadedDelivery, forMs: number): void;
  /** The worker waits for this work when it closes. */
  track(work: Promise<unknown>): void;
}

/**
 * Reserves slots in the database, for all workers together, for lanes with a rate limit, and starts their deliveries on
 * time.
 */
export class SlotReservations {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly lanes: Lanes<LoadedDelivery>,
    private readonly endpoints: WebhookEndpointRepository,
    private readonly clock: WebhookClock,
    private readonly worker: Worker,
  ) {}

  /** @param since when the lanes were last asked for their next delivery: a slot may have come since */
  look(since: number): void {
    let nextAt = Infinity;
    for (const { endpointId, slots, waiting } of this.lanes.limited()) {
      if (slots!.isShort(waiting.length)) this.worker.track(this.reserve(endpointId, slots!, waiting.length));
      if (slots!.startsAt > since) nextAt = Math.min(nextAt, slots!.startsAt);
    }
    this.stop();
    if (nextAt < Infinity) this.timer = setTimeout(() => this.worker.startNext(), nextAt - performance.now());
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Deliveries without a slot go back to their rows, until there may be one. */
  private async reserve(endpointId: string, slots: LaneSlots, waiting: number): Promise<void> {
    const { perSecond } = slots;
    let without = waiting;
    try {
      without = await slots.fill(waiting, async (count) => {
        const now = this.clock.now();
        const aheadMs = this.lanes.hurried ? HURRIED_SLOTS_AHEAD_MS : SLOTS_AHEAD_MS;
        const times = await this.endpoints.reserveSlots(endpointId, count, perSecond, now, aheadMs);
        return times.map((at) => at - this.clock.now());
      });
    } finally {
      for (const [index, delivery] of this.lanes.takeOutLast(endpointId, without).entries()) {
        const waitMs = SLOTS_AHEAD_MS + (index * 1_000) / perSecond;
        this.worker.defer(delivery, Math.ceil(Math.min(waitMs, LONGEST_LIMIT_MS)));
      }
      this.worker.startNext();
    }
  }
}
