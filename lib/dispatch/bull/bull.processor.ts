import { Process, Processor } from '@nestjs/bull';
import { Inject } from '@nestjs/common';
import { BullQueue, WEBHOOKS_BULL_QUEUE } from './bull.queue.js';

/** Claims and sends what is due, on the worker that took the job. */
@Processor(WEBHOOKS_BULL_QUEUE)
export class BullProcessor {
  constructor(@Inject(BullQueue) private readonly queue: BullQueue) {}

  @Process()
  async process(): Promise<void> {
    await this.queue.woken();
  }
}
