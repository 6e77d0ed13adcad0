export const JOB_KINDS = ['resend', 'recover', 'move', 'erase'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const JOB_STATUSES = ['waiting', 'running', 'done', 'stopped', 'failed'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The statuses of a job that has not ended. */
export const OPEN_STATUSES: readonly JobStatus[] = ['waiting', 'running'];

/** Why a `move` can't go on, by the id of the endpoint that gets the events. */
export const MOVE_PROBLEMS = {
  'target-gone': (to: string) => `Webhook ${to} is not there any more.`,
  'target-off': (to: string) => `Webhook ${to} is off. Turn it on, and start the job again.`,
} as const;

/** The error of a canceled delivery whose event another endpoint gets instead. */
export const MOVED = 'moved';

/** A job that a worker has taken. Only the holder of `token` may run its next batch. */
export interface TakenJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly request: object;
  readonly progress: object | null;
  readonly createdAt: number;
  readonly token: string;
}
