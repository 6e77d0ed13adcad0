import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_QUEUE } from '../../../config/tokens.js';
import { WebhooksLogger } from '../../../config/webhooks-logger.js';
import type { WebhookQueue } from '../../../dispatch/webhook-queue.js';
import type { WebhookClock } from '../../../domain/clock.js';
import type { TakenJob } from '../../../domain/jobs.js';
import { OutageLog } from '../../../domain/outage-log.js';
import { Rounds } from '../../../domain/rounds.js';
import { singleLine, thrownText } from '../../../domain/shown-text.js';
import { JobLostError, WebhookJobRepository } from '../../../persistence/webhook-job.repository.js';
import { JobFailure, type JobAtWork } from './job-work.js';
import { JobWorks } from './job-works.js';

const LOOK_MS = 500;
/** The delay before a batch that failed is tried again. */
const AGAIN_MS = 10_000;

/** Runs the batches of jobs that are due. Each batch runs in one worker. */
@Injectable()
export class JobRounds {
  private readonly rounds = new Rounds(
    () => this.runOnce(),
    LOOK_MS,
    new OutageLog(new WebhooksLogger(), 'Jobs of operators can’t go on'),
  );

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhookJobRepository) private readonly jobs: WebhookJobRepository,
    @Inject(JobWorks) private readonly works: JobWorks,
  ) {}

  start(): void {
    this.rounds.start(LOOK_MS * Math.random());
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Runs all batches that are due, and returns their number. */
  async runOnce(): Promise<number> {
    let batches = 0;
    while (!this.rounds.isStopped) {
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
