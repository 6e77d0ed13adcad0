import { Inject, Injectable } from '@nestjs/common';
import {
  WEBHOOKS_CLOCK,
  WEBHOOKS_CONFIG,
  WEBHOOKS_INSTANCE,
  WEBHOOKS_QUEUE,
  WEBHOOKS_STRUCTURE,
} from '../config/tokens.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import { LifecycleEvents } from '../delivery/lifecycle-events.js';
import type { WebhookQueue } from '../dispatch/webhook-queue.js';
import type { WebhookClock } from '../domain/clock.js';
import { iso, isoOrNull } from '../domain/iso.js';
import { OutageLog } from '../domain/outage-log.js';
import { Pauses } from '../domain/pauses.js';
import { Rounds } from '../domain/rounds.js';
import { thrownText } from '../domain/shown-text.js';
import { within } from '../domain/within.js';
import { WebhookAlertRepository, type OpenAlert } from '../persistence/webhook-alert.repository.js';
import { WebhookBacklogRepository } from '../persistence/webhook-backlog.repository.js';
import { WebhookPauseRepository } from '../persistence/webhook-pause.repository.js';
import { WebhookWorkerRepository } from '../persistence/webhook-worker.repository.js';
import { LATELY_MS } from './heartbeat.service.js';
import { OutageWatch } from './outage-watch.js';

const LOOK_EVERY_MS = 10_000;
/** How long a check waits for the database. */
const ANSWER_MS = 3_000;

/**
 * Tells the app once, from one of its processes, of each problem that its operators want to be alerted to. Every
 * process checks, also those that deliver nothing: otherwise nobody would report that no worker is running.
 */
@Injectable()
export class AlertsService {
  private readonly database = new OutageWatch();
  private readonly queueWatch = new OutageWatch();
  private readonly rounds = new Rounds(
    () => this.look(),
    LOOK_EVERY_MS,
    new OutageLog(new WebhooksLogger(), 'Alerts can’t be looked for'),
  );
  /** When the app was told that the database is unreachable. */
  private databaseAwaySince: number | undefined;

  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_INSTANCE) private readonly instance: string,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(LifecycleEvents) private readonly lifecycle: LifecycleEvents,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
    @Inject(WebhookAlertRepository) private readonly alerts: WebhookAlertRepository,
    @Inject(WebhookPauseRepository) private readonly pauses: WebhookPauseRepository,
    @Inject(WebhookWorkerRepository) private readonly workers: WebhookWorkerRepository,
  ) {}

  start(): void {
    this.rounds.start(LOOK_EVERY_MS);
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Checks everything once. */
  async look(): Promise<void> {
    // Without a listener the alert would be lost, and no other process could claim it.
    if (!this.lifecycle.hasEmitter) return;
    const now = this.clock.now();
    const [found, problem] = await Promise.all([this.oldestDueAt(now), this.queue.problem()]);
    this.queueWatch.saw(problem, now);
    this.database.saw(typeof found === 'string' ? found : undefined, now);
    this.tellOfDatabase(now);
    if (typeof found === 'string') return;
    const open = await this.alerts.find(['lag', 'queue']);
    await this.tellOfLag(found, now, open.get('lag'));
    // A process that delivers knows that a worker is running.
    if (this.structure.worker) await this.tellOfQueue(now, open.get('queue'));
  }

  /** When the oldest due delivery became due, `null` if nothing is due; a sentence if the database does not answer. */
  private async oldestDueAt(now: number): Promise<number | null | string> {
    try {
      const found = await within(this.backlog.oldestDueAt(now), ANSWER_MS);
      return found === undefined ? `The database takes more than ${ANSWER_MS / 1_000} s to answer.` : found;
    } catch (error) {
      return `The database does not answer: ${thrownText(error)}`;
    }
  }

  private async tellOfLag(
    oldestDueAt: number | null,
    now: number,
    open: OpenAlert | undefined,
  ): Promise<void> {
    const { lagAfterMs } = this.config;
    if (lagAfterMs === null) return;
    const lagMs = oldestDueAt === null ? 0 : now - oldestDueAt;
    const event = async (since: number) => ({
      since: iso(since),
      at: iso(now),
      oldestDueAt: isoOrNull(oldestDueAt),
      due: await this.backlog.countDue(now),
    });
    if (lagMs >= lagAfterMs) {
      if (await this.isAllPaused()) return;
      if (!(await this.alerts.begin('lag', { since: now, owner: this.instance }))) return;
      this.lifecycle.alert(
        'webhooks.lag.exceeded',
        await event(now),
        `Something has been due since ${iso(oldestDueAt!)}, and is not sent.`,
      );
    } else if (lagMs < lagAfterMs / 2) {
      // Otherwise the alert would begin and end with every delivery.
      if (!open || !(await this.alerts.end('lag'))) return;
      this.lifecycle.alert(
        'webhooks.lag.recovered',
        await event(open.since),
        'What was due is sent again in time.',
      );
    }
  }

  /** Then nothing is late: somebody wants it to wait. */
  private async isAllPaused(): Promise<boolean> {
    return new Pauses(await this.pauses.list()).coversAll;
  }

  /**
   * Each process may lose its own connection. The process that reported it also reports its end, or another one if
   * that has stopped.
   */
  private async tellOfQueue(now: number, open: OpenAlert | undefined): Promise<void> {
    const { away } = this.queueWatch;
    const { instance } = this;
    if (away) {
      const { since, reason } = away;
      if (!(await this.alerts.begin('queue', { since, owner: instance }))) return;
      const event = { since: iso(since), at: iso(now), reason, instance };
      this.lifecycle.alert('webhooks.queue.away', event, reason);
      return;
    }
    if (!open || (open.owner !== instance && (await this.isAlive(open.owner, now)))) return;
    if (!(await this.alerts.end('queue'))) return;
    const event = { since: iso(open.since), at: iso(now), reason: null, instance };
    this.lifecycle.alert('webhooks.queue.back', event, 'The queue works again.');
  }

  /**
   * Without the database there is no place to store that it was reported, so each process reports its own connection.
   */
  private tellOfDatabase(now: number): void {
    const { away } = this.database;
    const { instance } = this;
    if (away && this.databaseAwaySince === undefined) {
      const { since, reason } = away;
      this.databaseAwaySince = since;
      const event = { since: iso(since), at: iso(now), reason, instance };
      this.lifecycle.alert('webhooks.database.away', event, reason);
    } else if (!away && this.databaseAwaySince !== undefined) {
      const event = { since: iso(this.databaseAwaySince), at: iso(now), reason: null, instance };
      this.databaseAwaySince = undefined;
      this.lifecycle.alert('webhooks.database.back', event, 'The database answers again.');
    }
  }

  private async isAlive(id: string, now: number): Promise<boolean> {
    return (await this.workers.list()).some((worker) => worker.id === id && worker.seenAt >= now - LATELY_MS);
  }
}
