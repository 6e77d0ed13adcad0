import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_INSTANCE } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { HOUR_MS } from '../domain/hour.js';
import { OutageLog } from '../domain/outage-log.js';
import { inOwnContext } from '../domain/own-context.js';
import { WebhookWorkerRepository } from '../persistence/webhook-worker.repository.js';

const BEAT_MS = 10_000;
/** Allows for a few heartbeats that are lost, or late because the database is busy. */
export const LATELY_MS = 45_000;
const FORGOTTEN_MS = HOUR_MS;

/** Shows that this process delivers: it renews a row, and deletes it when the process stops. */
@Injectable()
export class HeartbeatService {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'This worker can’t tell that it works');
  private timer: NodeJS.Timeout | undefined;
  private startedAt = 0;
  private beating: Promise<unknown> = Promise.resolve();
  private isTelling = false;

  constructor(
    @Inject(WEBHOOKS_INSTANCE) private readonly id: string,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookWorkerRepository) private readonly workers: WebhookWorkerRepository,
  ) {}

  start(): void {
    this.startedAt = this.clock.now();
    inOwnContext(() => {
      this.timer = setInterval(() => this.isTelling || void this.beat(), BEAT_MS).unref();
      void this.beat();
      void this.workers.forgetSilent(this.startedAt - FORGOTTEN_MS).catch(() => undefined);
    });
  }

  /** Whether no other live worker has a smaller id: for work that one of them should do. */
  async isFirst(): Promise<boolean> {
    const aliveSince = this.clock.now() - LATELY_MS;
    const workers = await this.workers.list();
    return !workers.some(({ id, seenAt }) => id < this.id && seenAt >= aliveSince);
  }

  /** Never rejects. */
  beat(): Promise<unknown> {
    return (this.beating = this.beating.then(() => this.tell()));
  }

  async stop(): Promise<void> {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    await this.beating;
    // A row that stays is ignored after an hour.
    await this.workers.forget(this.id).catch(() => undefined);
  }

  private async tell(): Promise<void> {
    const { id, startedAt } = this;
    const name = `${hostname()} ${process.pid}`.slice(0, 255);
    this.isTelling = true;
    try {
      await this.workers.tell({ id, name, startedAt, seenAt: this.clock.now() });
      this.outage.worked();
    } catch (error) {
      this.outage.failed(error);
    }
    this.isTelling = false;
  }
}
