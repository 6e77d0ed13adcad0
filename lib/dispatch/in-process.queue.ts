import { Injectable } from '@nestjs/common';
import type { WebhookQueue } from './webhook-queue.js';

/** Wakes this process's own worker. */
@Injectable()
export class InProcessQueue implements WebhookQueue {
  private work: (() => Promise<boolean>) | undefined;

  wake(): void {
    // The relay logs errors, and looks again on its own.
    void this.work?.();
  }

  onWake(work: () => Promise<boolean>): void {
    this.work = work;
  }

  async problem(): Promise<undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    this.work = undefined;
  }
}
