import { Process, Processor } from '@nestjs/bull';
import { Inject } from '@nestjs/common';
import type { Job } from 'bull';
import { WEBHOOKS_QUEUE } from '../../config/tokens.js';
import type { LeasedBatch } from '../../persistence/sql/delivery-statements.js';
import { WEBHOOKS_BULL_QUEUE, type BullQueue } from './bull.queue.js';

/** Entries taken at once. Requests are counted by the runner, which makes an entry wait while it is full. */
const CONCURRENT_ENTRIES = 8;

@Processor(WEBHOOKS_BULL_QUEUE)
export class BullProcessor {
  constructor(@Inject(WEBHOOKS_QUEUE) private readonly queue: BullQueue) {}

  @Process({ concurrency: CONCURRENT_ENTRIES })
  process(job: Job<LeasedBatch>): Promise<void> {
    return this.queue.process(job);
  }
}
