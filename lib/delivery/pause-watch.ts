import { Inject, Injectable } from '@nestjs/common';
import { within } from '../domain/within.js';
import { NO_PAUSES, Pauses } from '../domain/pauses.js';
import { WebhookPauseRepository } from '../persistence/webhook-pause.repository.js';

/** Nothing is sent if what we know is older. */
const KNOWN_FOR_MS = 900;
/** A database that hangs delays a delivery no longer than this. Then the earlier state is used. */
const READ_MS = 500;

/** The pauses as this process knows them. A request looks in memory, and in the database only if that is old. */
@Injectable()
export class PauseWatch {
  private known = NO_PAUSES;
  /** When the read began, by `performance.now()`. */
  private readAt = -Infinity;
  private reading: Promise<unknown> | undefined;

  constructor(@Inject(WebhookPauseRepository) private readonly pauses: WebhookPauseRepository) {}

  get current(): Pauses {
    return this.known;
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
      this.known = new Pauses(await this.pauses.targets());
    } catch {
      // Keep the earlier state.
    }
    this.readAt = askedAt;
    this.reading = undefined;
  }
}
