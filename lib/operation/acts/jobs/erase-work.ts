import { Inject, Injectable } from '@nestjs/common';
import { compiledFilter, filteredBody, type WebhookFilter } from '../../../domain/endpoint-filter.js';
import { firstIdAfter, firstIdAt } from '../../../domain/id.js';
import { iso } from '../../../domain/iso.js';
import type { JobBatch } from '../../../persistence/webhook-job.repository.js';
import { WebhookBulkRepository } from '../../../persistence/webhook-bulk.repository.js';
import {
  ERASED_TABLES,
  WebhookErasureRepository,
  type Deletion,
  type ErasedTable,
  type ErasureRound,
} from '../../../persistence/webhook-erasure.repository.js';
import { keptRequest, type JobRequest } from './job-request.js';
import { counted, type JobAtWork, type JobCount, type JobWork } from './job-work.js';
import { until } from './resend-work.js';

const ROWS = 500;
/** How many bodies one batch reads. */
const EVENTS = 200;
const COUNTED_AT_ONCE = 5_000;
/** The delay before it looks again, while transactions are open that may have stored something. */
const AGAIN_MS = 2_000;
/** It ends after so many rounds in a row that found nothing. */
const QUIET_ROUNDS = 2;
/** It ends after so many rounds, even if the tenant goes on emitting. */
const MOST_ROUNDS = 10;
/** Erasing single events: the second pass begins this long before the job, since clocks differ. */
const LATE_MS = 60_000;

type Erased = Partial<Record<ErasedTable, number>>;

interface Progress {
  readonly erased: Erased;
}

interface TenantProgress extends Progress {
  readonly rounds: number;
  /** Consecutive rounds that found nothing. */
  readonly quiet: number;
  /** The present round, and when it began. */
  readonly round: (ErasureRound & { readonly startedAt: number; readonly hasFound: boolean }) | null;
  /** When the round before it began. */
  readonly lastStartedAt: number;
}

interface EventsProgress extends Progress {
  /** Transactions that were open at the start: the search begins when they have ended. */
  readonly writers: readonly string[];
  /** Everything up to here is done. */
  readonly afterId: string;
  readonly pass: 1 | 2;
}

const FIRST: TenantProgress = { erased: {}, rounds: 0, quiet: 0, round: null, lastStartedAt: 0 };

/** The result of a finished erasure. */
export interface ErasureReceipt {
  /** Number of deleted rows, by table. */
  readonly erased: Readonly<Record<ErasedTable, number>>;
  /** ISO 8601. Everything that was stored before this time is deleted. */
  readonly until: string;
  /** Whether there was nothing of the tenant at the end. Only if all data of a tenant is erased. */
  readonly isEmpty?: boolean;
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** When the next batch begins, or how the job ends. */
type Ending =
  | { readonly nextRunAt: number }
  | { readonly until: number; readonly isEmpty?: boolean; readonly finishedAt: number };

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
    return where ? this.nextEvents(tenant, where, job, now) : this.nextOfTenant(tenant, job, now);
  }

  private async nextOfTenant(tenant: string, { id, progress }: JobAtWork, now: number): Promise<JobBatch> {
    const before = (progress as TenantProgress | null) ?? FIRST;
    const round = before.round ?? {
      ...(await this.erasures.begin(tenant, now)),
      startedAt: now,
      hasFound: false,
    };
    const deletions = await this.erasures.next(tenant, id, round, ROWS);
    if (deletions.length === 0) {
      const isUnsettled = await this.erasures.isUnsettled(tenant, id, round);
      if (isUnsettled) return this.batch([], { ...before, round }, { nextRunAt: now + AGAIN_MS });
      // They may have committed since we looked.
      deletions.push(...(await this.erasures.next(tenant, id, round, ROWS)));
    }
    if (deletions.length > 0)
      return this.batch(deletions, { ...before, round: { ...round, hasFound: true } }, { nextRunAt: now });
    const isEmpty = !(await this.erasures.hasAny(tenant, id));
    const after: TenantProgress = {
      ...before,
      rounds: before.rounds + 1,
      quiet: round.hasFound || !isEmpty ? 0 : before.quiet + 1,
      round: null,
      lastStartedAt: round.startedAt,
    };
    if (after.quiet < QUIET_ROUNDS && after.rounds < MOST_ROUNDS)
      return this.batch([], after, { nextRunAt: now + AGAIN_MS });
    // By a clock that is ahead, an open transaction may have made ids beyond this round. The round before had an end
    // that this one has seen.
    const until = isEmpty ? round.startedAt : before.lastStartedAt;
    return this.batch([], after, { until, isEmpty, finishedAt: now });
  }

  private async nextEvents(
    tenant: string,
    where: WebhookFilter,
    { createdAt, request, progress }: JobAtWork,
    now: number,
  ): Promise<JobBatch> {
    const before: EventsProgress = (progress as EventsProgress | null) ?? {
      erased: {},
      writers: await this.erasures.writers(),
      afterId: '',
      pass: 1,
    };
    const again = { nextRunAt: now + AGAIN_MS };
    if (await this.erasures.areOpen(before.writers)) return this.batch([], before, again);
    const to = createdAt + 1;
    const { afterId } = before;
    const { eventIds, ids, next } = await this.matching(tenant, where, { to }, afterId);
    const deletions = await this.erasures.ofEvents(eventIds);
    const window = { after: afterId, upTo: next ?? firstIdAfter('evt', createdAt), before: to };
    const open = await this.erasures.uncommittedEvents(tenant, window, ids);
    if (open.length > 0) return this.batch(deletions, before, again);
    if (next !== null) return this.batch(deletions, { ...before, afterId: next }, { nextRunAt: now });
    if (before.pass === 1) {
      const second = firstIdAt('evt', Math.max(0, createdAt - LATE_MS));
      return this.batch(deletions, { ...before, afterId: second, pass: 2 }, again);
    }
    const ended = this.batch(deletions, before, { until: createdAt, finishedAt: now });
    return { ...ended, keptRequest: keptRequest(request) };
  }

  private async matching(
    tenant: string,
    where: WebhookFilter | undefined,
    range: { readonly to?: number },
    after: string,
  ): Promise<{ eventIds: string[]; ids: string[]; next: string | null }> {
    const limit = where ? EVENTS : COUNTED_AT_ONCE;
    const { found, next } = await this.bulk.events(tenant, range, { after, limit, tests: true });
    const ids = found.map(({ id }) => id);
    if (!where) return { eventIds: ids, ids, next };
    const test = compiledFilter(where);
    const bodies = await this.bulk.bodies(ids);
    const eventIds = ids.filter((id) => bodies.has(id) && test(filteredBody(bodies.get(id)!.body)));
    return { eventIds, ids, next };
  }

  private batch(
    deletions: readonly Deletion[],
    before: TenantProgress | EventsProgress,
    ending: Ending,
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
          ...('nextRunAt' in ending ? {} : { receipt: receiptOf(erased, ending) }),
        };
      },
      nextRunAt: 'nextRunAt' in ending ? ending.nextRunAt : null,
    };
  }
}

const receiptOf = (erased: Erased, ending: Exclude<Ending, { nextRunAt: number }>): ErasureReceipt => ({
  erased: {
    ...(Object.fromEntries(ERASED_TABLES.map((table) => [table, 0])) as Record<ErasedTable, number>),
    ...erased,
  },
  until: iso(ending.until),
  ...(ending.isEmpty === undefined ? {} : { isEmpty: ending.isEmpty }),
  finishedAt: iso(ending.finishedAt),
});
