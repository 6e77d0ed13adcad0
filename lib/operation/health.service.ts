import { Inject, Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { terminusResult } from '../compat/terminus.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_QUEUE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookQueue } from '../dispatch/webhook-queue.js';
import type { WebhookClock } from '../domain/clock.js';
import { iso, isoOrNull } from '../domain/iso.js';
import { thrownText } from '../domain/shown-text.js';
import { within } from '../domain/within.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { WebhookBacklogRepository } from '../persistence/webhook-backlog.repository.js';
import { WebhookWorkerRepository } from '../persistence/webhook-worker.repository.js';
import {
  HEALTH_PARTS,
  healthRules,
  type WebhooksHealthOptions,
  type WebhooksHealthRules,
} from './health-rules.js';
import { LATELY_MS } from './heartbeat.service.js';

/** How long a check waits for the database. */
const ANSWER_MS = 3_000;
/** A good schema check is valid for this time: reading the database's catalogue is slow. */
const SCHEMA_KEPT_MS = 60_000;

const UP = { status: 'up' } as const;
const UNKNOWN = { status: 'unknown' } as const;
const down = (reason: string): { status: 'down'; reason: string } => ({ status: 'down', reason });

/** Tells whether webhooks are being sent, by all processes together. */
@Injectable()
export class HealthService {
  private schemaCheckedAt = -Infinity;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
    @Inject(WebhookWorkerRepository) private readonly workerRows: WebhookWorkerRepository,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /**
   * Never rejects because of what it checks: failures are in the result.
   * @throws WebhooksError `webhooks/invalid-health-option`
   */
  async check(options?: WebhooksHealthOptions): Promise<WebhooksHealthView> {
    const rules = healthRules(options);
    const [database, queue] = await Promise.all([this.checkDatabase(), this.checkQueue()]);
    const [schema, due, workers] =
      database.status === 'up'
        ? await Promise.all([this.checkSchema(), this.checkDue(rules), this.checkWorkers()])
        : [UNKNOWN, { ...UNKNOWN, oldestDueAt: null }, { ...UNKNOWN, heardOf: 0 }];
    const parts = { database, schema, queue, due, workers };
    const reasons = HEALTH_PARTS.flatMap((name) => {
      const { reason }: WebhooksHealthPart = parts[name];
      return reason === undefined || rules.ignore.has(name) ? [] : [reason];
    });
    return { status: reasons.length === 0 ? 'up' : 'down', reasons, ...parts };
  }

  /**
   * The check for `@nestjs/terminus` 10, 11 and 12: `() => webhooks.health.isHealthy()`.
   * @throws HealthCheckError of Terminus 10, if the check fails
   */
  async isHealthy(key = 'webhooks', options?: WebhooksHealthOptions): Promise<TerminusResult> {
    return terminusResult(this.modules, key, await this.check(options));
  }

  /** The processes that deliver, with a heartbeat within the last hour, the latest first. */
  async workers(): Promise<WebhookWorkerView[]> {
    return (await this.workerRows.list()).map(({ id, name, startedAt, seenAt }) => ({
      id,
      name,
      startedAt: iso(startedAt),
      seenAt: iso(seenAt),
    }));
  }

  private checkDatabase(): Promise<WebhooksHealthPart> {
    return looked('The database does not answer', async () => {
      await this.backlog.ping();
      return UP;
    });
  }

  private async checkQueue(): Promise<WebhooksHealthPart> {
    const problem = await this.queue.problem();
    return problem === undefined ? UP : down(problem);
  }

  private async checkSchema(): Promise<WebhooksHealthPart> {
    if (performance.now() - this.schemaCheckedAt < SCHEMA_KEPT_MS) return UP;
    return looked('The tables can’t be looked at', async () => {
      const problems = await this.database.schemaProblems();
      if (problems.length > 0) return down(problems.join(' '));
      this.schemaCheckedAt = performance.now();
      return UP;
    });
  }

  private async checkDue({ maxDueMs }: WebhooksHealthRules): Promise<WebhooksHealthView['due']> {
    let oldestDueAt: number | null = null;
    const part = await looked('What is due can’t be looked at', async () => {
      const now = this.clock.now();
      oldestDueAt = await this.backlog.oldestDueAt(now);
      if (oldestDueAt === null || oldestDueAt > now - maxDueMs) return UP;
      const { leaseMs } = this.config.delivery;
      const [first, ...others] = await this.backlog.unattended(now, now - maxDueMs, leaseMs);
      if (!first) return UP;
      const more = others.length > 0 ? ` and for ${others.length} more` : '';
      return down(
        `Deliveries for endpoint ${first.endpointId}${more} are due since ${iso(first.dueAt)}, and no worker sends them.`,
      );
    });
    return { ...part, oldestDueAt: isoOrNull(oldestDueAt) };
  }

  private async checkWorkers(): Promise<WebhooksHealthView['workers']> {
    let heardOf = 0;
    const part = await looked('The workers can’t be looked for', async () => {
      const [last, ...others] = await this.workerRows.list();
      const lately = this.clock.now() - LATELY_MS;
      heardOf = last ? [last, ...others].filter(({ seenAt }) => seenAt >= lately).length : 0;
      if (heardOf > 0) return UP;
      const since = last ? ` The last was ${last.name}, at ${iso(last.seenAt)}.` : '';
      return down(`No worker was heard of within the last ${LATELY_MS / 1_000} s: nothing is sent.${since}`);
    });
    return { ...part, heardOf };
  }
}

// Not exported: declarations of apps write these types out, so they need no public names.

/** One part of the check. `unknown`: the database does not answer. */
type WebhooksHealthPart = {
  readonly status: 'up' | 'down' | 'unknown';
  /** A sentence, if it is down. */
  readonly reason?: string;
};

/** A process that delivers. Times are ISO 8601. */
type WebhookWorkerView = {
  readonly id: string;
  /** Host and process id. */
  readonly name: string;
  readonly startedAt: string;
  /** The latest heartbeat; there is one every 10 s. */
  readonly seenAt: string;
};

/** Whether webhooks are being sent, and if not, why. */
type WebhooksHealthView = {
  readonly status: 'up' | 'down';
  /** Reasons of the parts that are down and not ignored. */
  readonly reasons: readonly string[];
  readonly database: WebhooksHealthPart;
  readonly schema: WebhooksHealthPart;
  readonly queue: WebhooksHealthPart;
  readonly due: WebhooksHealthPart & {
    /** When the oldest due delivery became due; `null` if nothing is due. It may be waiting for its receiver. */
    readonly oldestDueAt: string | null;
  };
  readonly workers: WebhooksHealthPart & {
    /** Workers with a heartbeat within the last 45 s. */
    readonly heardOf: number;
  };
};

/** The result of an indicator of `@nestjs/terminus`. */
type TerminusResult = Record<string, { status: 'up' | 'down' } & Record<string, unknown>>;

/** A check that fails or takes too long is itself a reason. */
async function looked(what: string, look: () => Promise<WebhooksHealthPart>): Promise<WebhooksHealthPart> {
  try {
    return (await within(look(), ANSWER_MS)) ?? down(`${what}: it took more than ${ANSWER_MS / 1_000} s.`);
  } catch (error) {
    return down(`${what}: ${thrownText(error)}`);
  }
}
