import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import type { WebhookClock } from '../../domain/clock.js';
import { WebhookWorkerRepository } from '../../persistence/webhook-worker.repository.js';
import { isAlive, operatorWorkerView, type OperatorWorkerView } from './views/worker.view.js';

/** The processes that deliver. */
@Injectable()
export class OperatorWorkersService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookWorkerRepository) private readonly workers: WebhookWorkerRepository,
  ) {}

  /** Those with a heartbeat within the last hour, the latest first, without those that stopped normally. */
  async list(): Promise<{ data: OperatorWorkerView[] }> {
    const now = this.clock.now();
    return { data: (await this.workers.list()).map((worker) => operatorWorkerView(worker, now)) };
  }

  /** Whether any of them has a recent heartbeat. */
  async someAlive(): Promise<boolean> {
    const now = this.clock.now();
    return (await this.workers.list()).some(({ seenAt }) => isAlive(seenAt, now));
  }
}
