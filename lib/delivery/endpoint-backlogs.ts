import type { WebhookClock } from '../domain/clock.js';
import type { Postponement } from '../persistence/sql/delivery-statements.js';
import type { Deferral } from './lane.js';

/** Rows of one statement: few enough for their locks, and for SQLite's one thread. */
const AT_ONCE = 1_000;
/** A backlog is looked at again at the earliest after this time. */
const PAUSE_MS = 1_000;

/**
 * Puts off what else is due for an endpoint that is away, by a few statements: to claim, load and put off each of 50,000
 * rows takes ten times as long, and the machine from all the others.
 */
export class EndpointBacklogs {
  private readonly nextAt = new Map<string, number>();

  constructor(
    private readonly clock: WebhookClock,
    private readonly postpone: (postponement: Postponement) => Promise<number>,
  ) {}

  /** @param stops whether to leave the rest as it is */
  async putOff(
    endpointId: string,
    spread: NonNullable<Deferral['spread']>,
    stops: () => boolean,
  ): Promise<void> {
    const now = this.clock.now();
    if (now < (this.nextAt.get(endpointId) ?? 0)) return;
    this.nextAt.set(endpointId, Infinity);
    try {
      const postponement = { endpointId, now, ...spread, limit: AT_ONCE };
      while (!stops() && (await this.postpone(postponement)) === AT_ONCE);
    } finally {
      this.nextAt.set(endpointId, this.clock.now() + PAUSE_MS);
      this.forget(this.clock.now());
    }
  }

  private forget(now: number): void {
    for (const [endpointId, at] of this.nextAt) if (at <= now) this.nextAt.delete(endpointId);
  }
}
