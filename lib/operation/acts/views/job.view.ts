import { iso, isoOrNull } from '../../../domain/iso.js';
import { MOVE_PROBLEMS, type JobKind, type JobStatus } from '../../../domain/jobs.js';
import type { WebhookJob } from '../../../persistence/webhook-job.entity.js';

/** Work over many rows. Times are ISO 8601. */
export interface OperatorJobView {
  id: string;
  kind: JobKind;
  status: JobStatus;
  /** What it was asked for, with its defaults; times in epoch ms. */
  request: unknown;
  /** How many it will deal with, as counted when it was started; `null` where that is more than was counted. */
  total: number | null;
  done: number;
  /** What it found and could not do: an endpoint that is off or gone, a filter that keeps an event out, a request that is under way. */
  failed: number;
  /** Why it has failed, or why its last batch has to be tried again; else `null`. */
  problem: string | null;
  /**
   * Which problem that is: `target-gone` and `target-off`, the endpoint that a `move` fills was deleted, or is off;
   * `batch-failed`, its last batch could not be written.
   */
  problemCode: keyof typeof MOVE_PROBLEMS | 'batch-failed' | null;
  /** What an erasure has removed. */
  receipt: unknown;
  /** Who started it, as the app says. */
  actor: string | null;
  createdAt: string;
  updatedAt: string;
  finishedAt: string | null;
}

export const operatorJobView = (job: WebhookJob): OperatorJobView => ({
  id: job.id,
  kind: job.kind as JobKind,
  status: job.status as JobStatus,
  request: job.request,
  total: job.total,
  done: job.done,
  failed: job.failed,
  problem: job.problem,
  problemCode: problemCodeOf(job),
  receipt: job.receipt,
  actor: job.actor,
  createdAt: iso(job.createdAt),
  updatedAt: iso(job.updatedAt),
  finishedAt: isoOrNull(job.finishedAt),
});

/** Only the sentence is stored. */
function problemCodeOf({ problem, status, request }: WebhookJob): OperatorJobView['problemCode'] {
  if (problem === null) return null;
  if (status !== 'failed') return 'batch-failed';
  const { to = '' } = request as { readonly to?: string };
  return problem === MOVE_PROBLEMS['target-off'](to) ? 'target-off' : 'target-gone';
}
