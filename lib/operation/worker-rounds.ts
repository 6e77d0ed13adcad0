import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { LOOK_MS, PauseWatch } from '../delivery/pause-watch.js';
import { RelayService } from '../dispatch/relay.service.js';
import { inOwnContext } from '../domain/own-context.js';
import { JobRounds } from './acts/jobs/job-rounds.js';
import { PauseRounds } from './acts/pause-rounds.js';

/** A worker's clock. At each tick one statement finds out whether there is something to do. */
@Injectable()
export class WorkerRounds {
  private readonly everyMs: number;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    @Inject(WEBHOOKS_CONFIG) { delivery }: WebhooksConfig,
    @Inject(PauseWatch) private readonly watch: PauseWatch,
    @Inject(PauseRounds) private readonly pauses: PauseRounds,
    @Inject(JobRounds) private readonly jobs: JobRounds,
    @Inject(RelayService) private readonly relay: RelayService,
  ) {
    this.everyMs = Math.min(LOOK_MS, delivery.pollIntervalMs);
  }

  start(): void {
    inOwnContext(() => {
      this.timer = setInterval(() => this.tick(), this.everyMs);
      this.tick();
    });
  }

  /** Stops, with the work that a tick has begun. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.looking, this.pauses.stop(), this.jobs.stop()]);
  }

  /** A database that hangs is asked once. */
  private tick(): void {
    this.looking ??= this.look().finally(() => (this.looking = undefined));
  }

  private async look(): Promise<void> {
    await this.watch.look();
    const { hasOpenJob, hasDue } = this.watch.otherWork;
    this.pauses.apply();
    if (hasOpenJob) this.jobs.run();
    this.relay.poll(hasDue, this.everyMs);
  }
}
