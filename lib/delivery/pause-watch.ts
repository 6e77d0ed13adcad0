import { Inject, Injectable } from '@nestjs/common';
import { within } from '../domain/within.js';
import { NO_PAUSES, Pauses } from '../domain/pauses.js';
import { WebhookPauseRepository } from '../persistence/webhook-pause.repository.js';

/** Nothing is sent on older knowledge than this. */
const KNOWN_FOR_MS = 900;
/** A database that hangs holds up no delivery for longer: it goes by what was read before. */
const READ_MS = 500;

/** What is paused, as this process knows it: a request asks the memory, and the database only where that is old. */
@Injectable()
export class PauseWatch {
  private known = NO_PAUSES;
  /** When it was asked for, by `performance.now()`. */
  private readAt = -Infinity;
  private reading: Promise<unknown> | undefined;

  constructor(@Inject(WebhookPauseRepository) private readonly pauses: WebhookPauseRepository) {}

  get current(): Pauses {
    return this.known;
  }

  get isOld(): boolean {
    return performance.now() - this.readAt > KNOWN_FOR_MS;
  }

  /** Looks where what it knows is old. Never rejects: whoever needs the database hears of its absence anyway. */
  async renew(): Promise<void> {
    if (!this.isOld) return;
    await within((this.reading ??= this.read()), READ_MS);
  }

  /** Reads what is paused now; also what was committed a moment ago. Never rejects. */
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
      // It goes by what it knew.
    }
    this.readAt = askedAt;
    this.reading = undefined;
  }
}
