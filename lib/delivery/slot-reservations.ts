import type { WebhookClock } from '../domain/clock.js';
import type { LoadedDelivery } from '../domain/delivery.js';
import type { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { SLOTS_AHEAD_MS, type LaneSlots } from './lane-slots.js';
import type { Lanes } from './lanes.js';

/** Where somebody waits until all is sent, what has no slot soon must not go back to its row. */
const HURRIED_SLOTS_AHEAD_MS = 60_000;
/** How long a rate limit puts something off at most. */
const LONGEST_LIMIT_MS = 120_000;

/** What the reservations have their worker do. */
interface Worker {
  startNext(): void;
  /** Gives a delivery back to its row. */
  defer(delivery: LoadedDelivery, forMs: number): void;
  /** Waits for it when the worker closes. */
  track(work: Promise<unknown>): void;
}

/** Keeps lanes with a rate limit supplied with slots, which are reserved in the database for all workers, and starts them on time. */
export class SlotReservations {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly lanes: Lanes<LoadedDelivery>,
    private readonly endpoints: WebhookEndpointRepository,
    private readonly clock: WebhookClock,
    private readonly worker: Worker,
  ) {}

  /** @param since when lanes were asked for their next: a slot may have come since */
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

  /** What gets no slot goes back to its row, until there may be one. */
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
