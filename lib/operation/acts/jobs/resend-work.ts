import { Inject, Injectable } from '@nestjs/common';
import type { WebhookDeliveryStatus } from '../../../domain/delivery.js';
import { MOVED } from '../../../domain/jobs.js';
import { EndpointFilters } from '../../../persistence/endpoint-filters.js';
import type { SqlResult } from '../../../persistence/sql/sql-executor.js';
import type { JobBatch } from '../../../persistence/webhook-job.repository.js';
import {
  WebhookBulkRepository,
  changed,
  type BulkFilter,
} from '../../../persistence/webhook-bulk.repository.js';
import type { JobRequest } from './job-request.js';
import { batchSize, counted, pacedAfter, type JobAtWork, type JobCount, type JobWork } from './job-work.js';
import { sendable } from './sendable.js';

const COUNTED_AT_ONCE = 5_000;

interface Progress {
  readonly afterId: string;
}

interface ResendBatch {
  readonly size: number;
  readonly steps: JobBatch['steps'];
  counts(results: readonly SqlResult[]): { readonly done: number; readonly failed: number };
}

/** Resends deliveries, each with a full retry schedule. */
@Injectable()
export class ResendWork implements JobWork {
  constructor(
    @Inject(WebhookBulkRepository) private readonly bulk: WebhookBulkRepository,
    @Inject(EndpointFilters) private readonly filters: EndpointFilters,
  ) {}

  count({ filter }: JobRequest, now: number): Promise<JobCount> {
    return counted('', async (after) => {
      const wanted = withoutMoved(until(filter, now));
      const { found, next } = await this.bulk.deliveries(wanted, after, COUNTED_AT_ONCE);
      return { count: found.length, next };
    });
  }

  async next({ request, progress, createdAt }: JobAtWork, now: number): Promise<JobBatch> {
    const { filter, perSecond } = request;
    const { afterId } = (progress as Progress | null) ?? { afterId: '' };
    const { batch, next } = await this.batch(until(filter, createdAt), afterId, request, now);
    const after: Progress = { afterId: next ?? afterId };
    return {
      steps: batch.steps,
      outcome: (results) => ({ ...batch.counts(results), progress: after }),
      nextRunAt: next === null ? null : pacedAfter(now, batch.size, perSecond),
    };
  }

  /** Handles the deliveries after `afterId`: what to write, how many they are, and where the next batch begins. */
  async batch(
    filter: BulkFilter,
    afterId: string,
    { perSecond }: Pick<JobRequest, 'perSecond'>,
    now: number,
  ): Promise<{ batch: ResendBatch; next: string | null }> {
    const { found, next } = await this.bulk.deliveries(withoutMoved(filter), afterId, batchSize(perSecond));
    const ids = (await sendable(this.bulk, this.filters, found)).map(({ id }) => id);
    const statuses: readonly WebhookDeliveryStatus[] = filter.statuses ?? [];
    return {
      batch: {
        size: found.length,
        steps: ids.length === 0 ? [] : [this.bulk.restart(ids, statuses, now)],
        counts: (results) => {
          const done = changed(results);
          return { done, failed: found.length - done };
        },
      },
      next,
    };
  }
}

/** Leaves out deliveries that were moved to another endpoint, unless the filter asks for that reason. */
export const withoutMoved = (filter: BulkFilter): BulkFilter =>
  filter.errorCode === undefined ? { ...filter, exceptErrorCode: MOVED } : filter;

/** Limits a filter to what existed when the job started. */
export const until = <Filter extends Pick<BulkFilter, 'to'>>(filter: Filter, now: number): Filter => ({
  ...filter,
  to: Math.min(filter.to ?? now + 1, now + 1),
});
