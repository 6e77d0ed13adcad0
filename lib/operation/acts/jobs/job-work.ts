import type { TakenJob } from '../../../domain/jobs.js';
import type { JobBatch } from '../../../persistence/webhook-job.repository.js';
import type { JobRequest } from './job-request.js';

/** A job that this worker has claimed, with its request. */
export type JobAtWork = TakenJob & { readonly request: JobRequest };

/** The size of a job. `isMore`: counting stopped there. */
export interface JobCount {
  readonly total: number;
  readonly isMore: boolean;
}

/** The work of one kind of job. */
export interface JobWork {
  /** Checks that the job is possible. @throws WebhooksError */
  check?(request: JobRequest): Promise<void>;
  /** Counts what a job that starts at `now` would process. */
  count(request: JobRequest, now: number): Promise<JobCount>;
  /** Runs the next batch, of bounded size. It may run twice, if a worker dies before it has stored the progress. */
  next(job: JobAtWork, now: number): Promise<JobBatch>;
}

/** The job can't continue. It fails with this message. */
export class JobFailure extends Error {}

const SIZE_MS = 2_000;
const MOST_AT_ONCE = 1_000;

/** Deliveries per batch. */
export const batchSize = (perSecond: number): number => Math.min(MOST_AT_ONCE, perSecond * (SIZE_MS / 1_000));

/** When the batch after one of `dealt` deliveries may begin. */
export const pacedAfter = (now: number, dealt: number, perSecond: number): number =>
  now + Math.ceil((dealt * 1_000) / perSecond);

/** Counting stops at this number, or after this time: the caller only needs to know that there are many. */
const MOST_COUNTED = 100_000;
const COUNTING_MS = 2_000;

/** Adds up the counts of `look`, page by page, within these bounds. */
export async function counted<Place>(
  first: Place,
  look: (place: Place) => Promise<{ readonly count: number; readonly next: Place | null }>,
): Promise<JobCount> {
  const endAt = performance.now() + COUNTING_MS;
  let total = 0;
  for (let place: Place | null = first; place !== null;) {
    const { count, next }: { count: number; next: Place | null } = await look(place);
    total += count;
    place = next;
    if (place !== null && (total >= MOST_COUNTED || performance.now() > endAt))
      return { total, isMore: true };
  }
  return { total, isMore: false };
}
