import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_QUEUE } from '../../../config/tokens.js';
import { WebhooksLogger } from '../../../config/webhooks-logger.js';
import type { WebhookQueue } from '../../../dispatch/webhook-queue.js';
import type { WebhookClock } from '../../../domain/clock.js';
import type { TakenJob } from '../../../domain/jobs.js';
import { OutageLog } from '../../../domain/outage-log.js';
import { inOwnContext } from '../../../domain/own-context.js';
import { singleLine, thrownText } from '../../../domain/shown-text.js';
import { JobLostError, WebhookJobRepository } from '../../../persistence/webhook-job.repository.js';
import { JobFailure, type JobAtWork } from './job-work.js';
import { JobWorks } from './job-works.js';

/** The delay before a batch that failed is tried again. */
const AGAIN_MS = 10_000;

/** Runs the batches of jobs that are due. Each batch runs in one worker. */
@Injectable()
export class JobRounds {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'Jobs of operators can’t go on');
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhookJobRepository) private readonly jobs: WebhookJobRepository,
    @Inject(JobWorks) private readonly works: JobWorks,
  ) {}

  /** Runs what is due, unless that is under way. */
  run(): void {
    this.running ??= inOwnContext(() => this.runOnce())
      .then(
        () => this.outage.worked(),
        (error: unknown) => this.outage.failed(error),
      )
      .finally(() => (this.running = undefined));
  }

  /** Resolves when the batch under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** Runs all batches that are due, and returns their number. */
  async runOnce(): Promise<number> {
    let batches = 0;
    while (!this.stopped) {
      const job = await this.jobs.take(this.clock.now());
      if (!job) break;
      await this.runBatch(job);
      batches++;
      // Statements on SQLite are synchronous, so this lets requests run in between.
      await setImmediate();
    }
    return batches;
  }

  private async runBatch(job: TakenJob): Promise<void> {
    try {
      const batch = await this.works.of(job.kind).next(job as JobAtWork, this.clock.now());
      await this.jobs.advance(job, batch, this.clock.now());
      if (batch.steps.length > 0) this.queue.wake();
    } catch (error) {
      if (error instanceof JobLostError) return;
      const now = this.clock.now();
      const nextRunAt = error instanceof JobFailure ? null : now + AGAIN_MS;
      await this.jobs.trouble(job, singleLine(thrownText(error)), { now, nextRunAt });
      if (nextRunAt !== null) throw error;
    }
  }
}
