import { Process, Processor } from '@nestjs/bull';
import { Inject } from '@nestjs/common';
import type { Job } from 'bull';
import { ENTRIES_AT_ONCE, type QueueEntry } from '../webhook-queue.js';
import { BullQueue, WEBHOOKS_BULL_QUEUE } from './bull.queue.js';

@Processor(WEBHOOKS_BULL_QUEUE)
export class BullProcessor {
  constructor(@Inject(BullQueue) private readonly queue: BullQueue) {}

  @Process({ concurrency: ENTRIES_AT_ONCE })
  process(job: Job<QueueEntry>): Promise<void> {
    return this.queue.take(job.data);
  }
}
