import { Process, Processor } from '@nestjs/bull';
import { Inject } from '@nestjs/common';
import type { Job } from 'bull';
import { WEBHOOKS_QUEUE } from '../../config/tokens.js';
import { ENTRIES_AT_ONCE, type QueueEntry } from '../webhook-queue.js';
import { WEBHOOKS_BULL_QUEUE, type BullQueue } from './bull.queue.js';

@Processor(WEBHOOKS_BULL_QUEUE)
export class BullProcessor {
  constructor(@Inject(WEBHOOKS_QUEUE) private readonly queue: BullQueue) {}

  @Process({ concurrency: ENTRIES_AT_ONCE })
  process(job: Job<QueueEntry>): Promise<void> {
    return this.queue.process(job);
  }
}
