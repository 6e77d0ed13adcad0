import { Inject, Injectable } from '@nestjs/common';
import { compiledFilter, filteredBody, type WebhookFilter } from '../../../domain/endpoint-filter.js';
import { firstIdAt } from '../../../domain/id.js';
import { iso } from '../../../domain/iso.js';
import type { JobBatch } from '../../../persistence/webhook-job.repository.js';
import { WebhookBulkRepository } from '../../../persistence/webhook-bulk.repository.js';
import {
  ERASED_TABLES,
  WebhookErasureRepository,
  type Deletion,
  type ErasedTable,
} from '../../../persistence/webhook-erasure.repository.js';
import { keptRequest, type JobRequest } from './job-request.js';
import { counted, type JobAtWork, type JobCount, type JobWork } from './job-work.js';
import { until } from './resend-work.js';

const ROWS = 500;
/** How many bodies one batch reads. */
const EVENTS = 200;
const COUNTED_AT_ONCE = 5_000;
/** Open transactions of the app may still store something, so it looks again. */
const QUIET_MS = 2_000;
const QUIET_LOOKS = 3;
/** Erasing single events: the second pass begins this long before the job. */
const LATE_MS = 60_000;

type Erased = Partial<Record<ErasedTable, number>>;

interface Progress {
  /** Erasing single events: everything up to here is done. */
  readonly afterId: string;
  /** Consecutive passes that found nothing. Erasing single events: 1 in the second pass, over the newest. */
  readonly quiet: number;
  readonly erased: Erased;
}

/** The result of a finished erasure. */
export interface ErasureReceipt {
  /** Number of deleted rows, by table. */
  readonly erased: Readonly<Record<ErasedTable, number>>;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** Deletes all data of a tenant, or some of its events with everything derived from them. */
@Injectable()
export class EraseWork implements JobWork {
  constructor(
    @Inject(WebhookBulkRepository) private readonly bulk: WebhookBulkRepository,
    @Inject(WebhookErasureRepository) private readonly erasures: WebhookErasureRepository,
  ) {}

  async count({ filter, where }: JobRequest, now: number): Promise<JobCount> {
    const { tenant = '' } = filter;
    const events = await counted('', async (after) => {
      const { eventIds, next } = await this.matching(tenant, where, until({}, now), after);
      return { count: eventIds.length, next };
    });
    if (where) return events;
    const deliveries = await counted('', async (after) => {
      const { found, next } = await this.bulk.deliveries({ tenant }, after, COUNTED_AT_ONCE);
      return { count: found.length, next };
    });
    return { total: events.total + deliveries.total, isMore: events.isMore || deliveries.isMore };
  }

  async next(job: JobAtWork, now: number): Promise<JobBatch> {
    const { filter, where } = job.request;
    const { tenant = '' } = filter;
    const before = (job.progress as Progress | null) ?? { afterId: '', quiet: 0, erased: {} };
    if (where) return this.nextEvents(tenant, where, before, job, now);
    const deletions = await this.erasures.next(tenant, job.id, ROWS);
    const quiet = deletions.length === 0 ? before.quiet + 1 : 0;
    const isDone = quiet >= QUIET_LOOKS;
    return this.batch(
      deletions,
      { ...before, quiet },
      {
        now,
        nextRunAt: isDone ? null : quiet > 0 ? now + QUIET_MS : now,
      },
    );
  }

  private async nextEvents(
    tenant: string,
    where: WebhookFilter,
    before: Progress,
    { createdAt, request }: JobAtWork,
    now: number,
  ): Promise<JobBatch> {
    const { eventIds, next } = await this.matching(tenant, where, until({}, createdAt), before.afterId);
    const deletions = await this.erasures.ofEvents(eventIds);
    if (next !== null) return this.batch(deletions, { ...before, afterId: next }, { now, nextRunAt: now });
    if (before.quiet === 0) {
      const again = { ...before, afterId: firstIdAt('evt', Math.max(0, createdAt - LATE_MS)), quiet: 1 };
      return this.batch(deletions, again, { now, nextRunAt: now + QUIET_LOOKS * QUIET_MS });
    }
    return { ...this.batch(deletions, before, { now, nextRunAt: null }), keptRequest: keptRequest(request) };
  }

  private async matching(
    tenant: string,
    where: WebhookFilter | undefined,
    range: { readonly to?: number },
    after: string,
  ): Promise<{ eventIds: string[]; next: string | null }> {
    const limit = where ? EVENTS : COUNTED_AT_ONCE;
    const { found, next } = await this.bulk.events(tenant, range, { after, limit, tests: true });
    const ids = found.map(({ id }) => id);
    if (!where) return { eventIds: ids, next };
    const test = compiledFilter(where);
    const bodies = await this.bulk.bodies(ids);
    return { eventIds: ids.filter((id) => bodies.has(id) && test(filteredBody(bodies.get(id)!))), next };
  }

  private batch(
    deletions: readonly Deletion[],
    before: Progress,
    { now, nextRunAt }: { readonly now: number; readonly nextRunAt: number | null },
  ): JobBatch {
    return {
      steps: deletions.map(([, statement]) => statement),
      outcome: (results) => {
        const erased: Erased = { ...before.erased };
        deletions.forEach(([table], index) => {
          erased[table] = (erased[table] ?? 0) + results[index]!.affected;
        });
        const rows = (of: Erased): number => (of.events ?? 0) + (of.deliveries ?? 0);
        return {
          done: rows(erased) - rows(before.erased),
          failed: 0,
          progress: { ...before, erased },
          ...(nextRunAt === null ? { receipt: { erased: receiptOf(erased), finishedAt: iso(now) } } : {}),
        };
      },
      nextRunAt,
    };
  }
}

const receiptOf = (erased: Erased): ErasureReceipt['erased'] => ({
  ...(Object.fromEntries(ERASED_TABLES.map((table) => [table, 0])) as Record<ErasedTable, number>),
  ...erased,
});
