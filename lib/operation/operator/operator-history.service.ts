import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import { WebhooksLogger } from '../../config/webhooks-logger.js';
import { DeliveryRecorder } from '../../delivery/delivery-recorder.js';
import type { CountedOutcome } from '../../delivery/outcome-tally.js';
import type { WebhookClock } from '../../domain/clock.js';
import { OutageLog } from '../../domain/outage-log.js';
import { Rounds } from '../../domain/rounds.js';
import { WebhookBacklogRepository } from '../../persistence/webhook-backlog.repository.js';
import { WebhookMinuteRepository, type MinuteCounts } from '../../persistence/webhook-minute.repository.js';

export const MINUTE_MS = 60_000;
/** How long the rows of the minutes are kept. */
export const HISTORY_MS = 7 * 24 * 60 * MINUTE_MS;
/** Each worker checks this often. The first check within a minute writes its row. */
const EVERY_MS = 20_000;

/** Recorded attempts that are not in a row yet. */
class UntoldAttempts {
  succeeded = 0;
  retrying = 0;
  failed = 0;

  add(_: string, outcome: CountedOutcome): void {
    if (outcome === 'succeeded' || outcome === 'retrying' || outcome === 'failed') this[outcome]++;
  }

  /** Returns the counts, and resets them. */
  take(): MinuteCounts {
    const { succeeded, retrying, failed } = this;
    this.succeeded = this.retrying = this.failed = 0;
    return { succeeded, retrying, failed };
  }

  giveBack(counts: MinuteCounts): void {
    this.succeeded += counts.succeeded;
    this.retrying += counts.retrying;
    this.failed += counts.failed;
  }
}

/** Stores what is due each minute, by one of the workers, and what each worker has sent. */
@Injectable()
export class OperatorHistoryService {
  private readonly untold = new UntoldAttempts();
  private readonly rounds = new Rounds(
    () => this.runOnce(),
    EVERY_MS,
    new OutageLog(new WebhooksLogger(), 'What is due can’t be written down for operators'),
  );
  private uncounted: (() => void) | undefined;

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(DeliveryRecorder) private readonly recorder: DeliveryRecorder,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
    @Inject(WebhookMinuteRepository) private readonly minutes: WebhookMinuteRepository,
  ) {}

  start(): void {
    this.uncounted = this.recorder.countIn(this.untold);
    // Not at once, because many workers may start together.
    this.rounds.start(EVERY_MS * (0.5 + Math.random() / 2));
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
    this.uncounted?.();
  }

  /** Writes the row of this minute, unless another worker has, and adds what this process has sent. */
  async runOnce(): Promise<void> {
    const now = this.clock.now();
    const minute = now - (now % MINUTE_MS);
    if (!(await this.minutes.has(minute))) await this.write(minute, now);
    const counts = this.untold.take();
    if (counts.succeeded + counts.retrying + counts.failed === 0) return;
    try {
      await this.minutes.add(minute, counts);
    } catch (error) {
      this.untold.giveBack(counts);
      throw error;
    }
  }

  private async write(minute: number, now: number): Promise<void> {
    const [due, oldestDueAt] = await Promise.all([this.backlog.countDue(now), this.backlog.oldestDueAt(now)]);
    await this.minutes.insert({ minute, due, oldestDueAt });
    await this.minutes.prune(now - HISTORY_MS);
  }
}
