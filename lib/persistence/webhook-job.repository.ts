import { Inject, Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import { madeAt, newLeaseToken } from '../domain/id.js';
import { OPEN_STATUSES, type JobStatus, type TakenJob } from '../domain/jobs.js';
import { oneOf } from './sql/one-of.js';
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
import type { IdRange, PrunedBatch } from './webhook-log.repository.js';

/** The most jobs that may be running, because workers read all of them all the time. */
export const MOST_OPEN_JOBS = 100;
/** How long a worker may take for a batch before another worker may claim it. */
const LEASE_MS = 60_000;

export interface JobOutcome {
  readonly done: number;
  readonly failed: number;
  readonly progress: object;
  /** The state of a finished job. */
  readonly receipt?: object;
}

/** The statements of a batch, and the job's progress after it. Times in epoch ms. */
export interface JobBatch {
  readonly steps: readonly SqlStep[];
  /** Computes from the statements' results how many rows were processed or skipped, and where to continue. */
  outcome(results: readonly SqlResult[]): JobOutcome;
  /** When the next batch may begin; `null`: the job is finished. */
  readonly nextRunAt: number | null;
  /** The part of the request to keep once the job is finished. Default: all of it. */
  readonly keptRequest?: object;
}

/** The job was stopped, or another worker claimed it. Nothing of the batch is written. */
export class JobLostError extends Error {}

/** Jobs: work over many rows, in batches, by any worker. Times in epoch ms. */
@Injectable()
export class WebhookJobRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * Inserts the job unless the same job or too many jobs are running. Returns the id of the running or the new job, or
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

  /** The jobs that have not ended. */
  open(): Promise<WebhookJob[]> {
    return this.rows()
      .where({ status: In(OPEN_STATUSES) })
      .getMany();
  }

  /** Claims the next batch of a job that is due; `null` if there is none, or another worker was faster. */
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

  /** Writes a batch and the job's progress in one transaction. @throws JobLostError */
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
      // They read only their own results.
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

  /** Stores why a batch failed and when to try it again, or that the job has failed. */
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

  /**
   * Stops a job. Returns false if it has ended already.
   * @param request what is kept of it
   * @param also runs in the transaction
   */
  async stop(id: string, request: object, now: number, also: readonly SqlStatement[]): Promise<boolean> {
    const status: JobStatus = 'stopped';
    const stop = this.rows()
      .update()
      .set({ status, request, leaseToken: null, finishedAt: now, updatedAt: now })
      .where({ id, status: In(OPEN_STATUSES) });
    return (await this.database.write(stop, ifChanged(also))) > 0;
  }

  /** Deletes the next `limit` jobs of the range that have ended, with their receipts. */
  async prune({ afterId, beforeId }: IdRange, limit: number): Promise<PrunedBatch> {
    const rows = await this.rows()
      .select('row.id', 'id')
      .where('row.id > :afterId AND row.id < :beforeId', { afterId, beforeId })
      .andWhere('row.finishedAt < :before', { before: madeAt(beforeId) })
      .orderBy('row.id', 'ASC')
      .limit(limit)
      .getRawMany<{ id: string }>();
    if (rows.length === 0) return { pruned: 0, lastId: null };
    const ids = rows.map(({ id }) => id);
    const pruned = await this.database.write(
      this.rows()
        .delete()
        .where(...oneOf(this.database, 'id', ids)),
    );
    return { pruned, lastId: ids.at(limit - 1) ?? null };
  }

  private rows(): SelectQueryBuilder<WebhookJob> {
    return this.database.primary.createQueryBuilder(WebhookJob, 'row');
  }
}
