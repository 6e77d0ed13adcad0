import type { TakenJob } from '../../../domain/jobs.js';
import type { JobBatch } from '../../../persistence/webhook-job.repository.js';
import type { JobRequest } from './job-request.js';

/** A job that a worker has taken, with what it is to do. */
export type JobAtWork = TakenJob & { readonly request: JobRequest };

/** What a job comes to; `isMore`: it stopped counting there. */
export interface JobCount {
  readonly total: number;
  readonly isMore: boolean;
}

/** What the jobs of one kind do. */
export interface JobWork {
  /** Refuses what can't be done. @throws WebhooksError */
  check?(request: JobRequest): Promise<void>;
  /** What a job that starts at `now` would deal with. */
  count(request: JobRequest, now: number): Promise<JobCount>;
  /** The next batch, of bounded size: it may be made twice, where a worker dies before it has written it. */
  next(job: JobAtWork, now: number): Promise<JobBatch>;
}

/** The job can't go on: it has failed, with what it says. */
export class JobFailure extends Error {}

const SIZE_MS = 2_000;
const MOST_AT_ONCE = 1_000;

/** Deliveries of one batch. */
export const batchSize = (perSecond: number): number => Math.min(MOST_AT_ONCE, perSecond * (SIZE_MS / 1_000));

/** When the batch after one of `dealt` may begin. */
export const pacedAfter = (now: number, dealt: number, perSecond: number): number =>
  now + Math.ceil((dealt * 1_000) / perSecond);

/** Counting ends there, or after the time: whoever looks wants to know that it is much. */
const MOST_COUNTED = 100_000;
const COUNTING_MS = 2_000;

/** Adds up what `look` finds from one place to the next, within bounds. */
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
