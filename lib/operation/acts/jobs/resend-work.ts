import { Inject, Injectable } from '@nestjs/common';
import type { WebhookDeliveryStatus } from '../../../domain/delivery.js';
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

/** Sends deliveries again, each with a whole retry schedule. */
@Injectable()
export class ResendWork implements JobWork {
  constructor(@Inject(WebhookBulkRepository) private readonly bulk: WebhookBulkRepository) {}

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

  /** Of the deliveries after `afterId`: what it writes, how many it is, and where the one after it begins. */
  async batch(
    filter: BulkFilter,
    afterId: string,
    { perSecond }: Pick<JobRequest, 'perSecond'>,
    now: number,
  ): Promise<{ batch: ResendBatch; next: string | null }> {
    const { found, next } = await this.bulk.deliveries(withoutMoved(filter), afterId, batchSize(perSecond));
    const ids = (await sendable(this.bulk, found)).map(({ id }) => id);
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

/** Why a delivery was canceled whose event another endpoint gets. */
export const MOVED = 'moved';

/** What another endpoint gets is nobody's to send again, unless it is asked for by its name. */
export const withoutMoved = (filter: BulkFilter): BulkFilter =>
  filter.errorCode === undefined ? { ...filter, exceptErrorCode: MOVED } : filter;

/** What was there at a time, and what came after it is none of the job's. */
export const until = <Filter extends Pick<BulkFilter, 'to'>>(filter: Filter, now: number): Filter => ({
  ...filter,
  to: Math.min(filter.to ?? now + 1, now + 1),
});
