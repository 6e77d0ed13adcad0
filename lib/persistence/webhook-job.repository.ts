import { Inject, Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import { newLeaseToken } from '../domain/id.js';
import { OPEN_STATUSES, type JobStatus, type TakenJob } from '../domain/jobs.js';
import { statementWith } from './sql/placeholders.js';
import {
  ifChanged,
  type SqlResult,
  type SqlRow,
  type SqlStatement,
  type SqlStep,
} from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookJob } from './webhook-job.entity.js';

/** Jobs that are not over: each of them is looked at all the time. */
export const MOST_OPEN_JOBS = 100;
/** How long a worker may take for a batch before another takes it again. */
const LEASE_MS = 60_000;

export interface JobOutcome {
  readonly done: number;
  readonly failed: number;
  readonly progress: object;
  /** Of a job that is done. */
  readonly receipt?: object;
}

/** What a batch writes, and how far the job is with it. Times in epoch ms. */
export interface JobBatch {
  readonly steps: readonly SqlStep[];
  /** By the results of the steps: how many it has dealt with, how many it could not, and how far it is. */
  outcome(results: readonly SqlResult[]): JobOutcome;
  /** When the next batch may begin; `null`: the job is done. */
  readonly nextRunAt: number | null;
  /** What is kept of what it was asked for, once it is done. Default: all of it. */
  readonly keptRequest?: object;
}

/** Somebody has stopped the job, or taken it over: nothing of the batch is written. */
export class JobLostError extends Error {}

/** Work over many rows, one batch after the other, by whichever worker is there. Times in epoch ms. */
@Injectable()
export class WebhookJobRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * Stores it unless the same is under way, or there are as many as there may be: gives the id of the one that is there, of the new one, or
   * `null`.
   */
  async insert(job: WebhookJob, also: readonly SqlStatement[]): Promise<string | null> {
    const request = JSON.stringify(job.request);
    const sameOf = (rows: readonly SqlRow[]): SqlRow | undefined =>
      rows.find((row) => row.kind === job.kind && row.request === request);
    const { rows, written } = await this.database.writeIf(
      'jobs',
      this.rows()
        .select('row.id', 'id')
        .addSelect('row.kind', 'kind')
        .addSelect('row.request', 'request')
        .where({ status: In(OPEN_STATUSES) }),
      (open) => open.length < MOST_OPEN_JOBS && !sameOf(open),
      this.rows().insert().values(job),
      also,
    );
    if (written) return job.id;
    const same = sameOf(rows);
    return same ? String(same.id) : null;
  }

  /** The newest first. */
  list({ limit, cursor }: { readonly limit: number; readonly cursor?: string }): Promise<WebhookJob[]> {
    const query = this.rows();
    if (cursor !== undefined) query.where('row.id < :cursor', { cursor });
    return query.orderBy('row.id', 'DESC').limit(limit).getMany();
  }

  find(id: string): Promise<WebhookJob | null> {
    return this.rows().where({ id }).getOne();
  }

  /** Those that are not over. */
  open(): Promise<WebhookJob[]> {
    return this.rows()
      .where({ status: In(OPEN_STATUSES) })
      .getMany();
  }

  /** Takes the next batch of a job whose time has come; `null` where there is none, or another was faster. */
  async take(now: number): Promise<TakenJob | null> {
    const job = await this.rows()
      .where({ status: In(OPEN_STATUSES) })
      .andWhere('row.nextRunAt <= :now', { now })
      .orderBy('row.nextRunAt', 'ASC')
      .limit(1)
      .getOne();
    if (!job) return null;
    const token = newLeaseToken();
    const take = this.rows()
      .update()
      .set({ status: 'running', leaseToken: token, nextRunAt: now + LEASE_MS, updatedAt: now })
      .where({ id: job.id, status: job.status, nextRunAt: job.nextRunAt });
    if ((await this.database.write(take)) === 0) return null;
    return { ...job, kind: job.kind as TakenJob['kind'], token };
  }

  /** Writes a batch and how far the job is with it, in one transaction. @throws JobLostError */
  async advance({ id, token }: TakenJob, batch: JobBatch, now: number): Promise<void> {
    const { steps, nextRunAt, keptRequest } = batch;
    const { tables } = this.database;
    const held = statementWith(
      this.database,
      `UPDATE ${tables.jobs} SET updated_at = ? WHERE id = ? AND lease_token = ? AND status = 'running'`,
      [now, id, token],
    );
    await this.database.executor.run([
      held,
      ([first]) => {
        if (first!.affected === 0) throw new JobLostError();
        return undefined;
      },
      // Their own results are all that they look at.
      ...steps.map((step) =>
        typeof step === 'function' ? (results: readonly SqlResult[]) => step(results.slice(2)) : step,
      ),
      (results) => {
        const { done, failed, progress, receipt } = batch.outcome(results.slice(2));
        return statementWith(
          this.database,
          `UPDATE ${tables.jobs} SET done = done + ?, failed = failed + ?, progress = ?, next_run_at = ?, lease_token = NULL,
            problem = NULL, status = ?, receipt = ?, finished_at = ?, request = coalesce(?, request) WHERE id = ?`,
          [
            done,
            failed,
            JSON.stringify(progress),
            nextRunAt ?? now,
            nextRunAt === null ? 'done' : 'running',
            receipt === undefined ? null : JSON.stringify(receipt),
            nextRunAt === null ? now : null,
            keptRequest === undefined ? null : JSON.stringify(keptRequest),
            id,
          ],
        );
      },
    ]);
  }

  /** Tells why a batch could not be written, and when it is tried again; or that the job has failed. */
  async trouble(
    { id, token }: TakenJob,
    problem: string,
    { now, nextRunAt }: { readonly now: number; readonly nextRunAt: number | null },
  ): Promise<void> {
    const change: Partial<WebhookJob> =
      nextRunAt === null ? { status: 'failed', finishedAt: now } : { nextRunAt };
    await this.database.write(
      this.rows()
        .update()
        .set({ ...change, problem, leaseToken: null, updatedAt: now })
        .where({ id, leaseToken: token }),
    );
  }

  /** Nothing more of it is done. False where it is over already. @param also with it */
  async stop(id: string, now: number, also: readonly SqlStatement[]): Promise<boolean> {
    const status: JobStatus = 'stopped';
    const stop = this.rows()
      .update()
      .set({ status, leaseToken: null, finishedAt: now, updatedAt: now })
      .where({ id, status: In(OPEN_STATUSES) });
    return (await this.database.write(stop, ifChanged(also))) > 0;
  }

  private rows(): SelectQueryBuilder<WebhookJob> {
    return this.database.primary.createQueryBuilder(WebhookJob, 'row');
  }
}
