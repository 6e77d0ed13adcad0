import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import type { WebhookClock } from '../domain/clock.js';
import { within } from '../domain/within.js';
import { NO_PAUSES, Pauses } from '../domain/pauses.js';
import { WebhookWorkRepository } from '../persistence/webhook-work.repository.js';

/** A worker reads the pauses this often, so that a request finds them new enough. */
export const LOOK_MS = 800;
/** Nothing is sent if what we know is older. */
const KNOWN_FOR_MS = 900;
/** A database that hangs delays a delivery no longer than this. Then the earlier state is used. */
const READ_MS = 500;

/** Other work that the last read of the pauses found. */
interface OtherWork {
  readonly hasOpenJob: boolean;
  readonly hasDue: boolean;
}

/** The pauses as this process knows them. A request looks in memory, and in the database only if that is old. */
@Injectable()
export class PauseWatch {
  private known = NO_PAUSES;
  private others: OtherWork = { hasOpenJob: false, hasDue: false };
  /** When the read began, by `performance.now()`. */
  private readAt = -Infinity;
  private reading: Promise<unknown> | undefined;

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookWorkRepository) private readonly work: WebhookWorkRepository,
  ) {}

  get current(): Pauses {
    return this.known;
  }

  /** If the last read failed, something may be due: a claim tells why. */
  get otherWork(): OtherWork {
    return this.others;
  }

  get isOld(): boolean {
    return performance.now() - this.readAt > KNOWN_FOR_MS;
  }

  /** Reads the pauses if what we know is old. Never rejects: code that needs the database gets the error anyway. */
  async renew(): Promise<void> {
    if (!this.isOld) return;
    await within((this.reading ??= this.read()), READ_MS);
  }

  /** Reads the present pauses, including those committed a moment ago. Never rejects. */
  async look(): Promise<Pauses> {
    await this.reading;
    await (this.reading ??= this.read());
    return this.known;
  }

  private async read(): Promise<void> {
    const askedAt = performance.now();
    try {
      const { paused, ...others } = await this.work.look(this.clock.now());
      this.known = new Pauses(paused);
      this.others = others;
    } catch {
      // Keep the earlier pauses.
      this.others = { hasOpenJob: false, hasDue: true };
    }
    this.readAt = askedAt;
    this.reading = undefined;
  }
}
