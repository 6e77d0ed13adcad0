import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type RecordedAct } from '../../../audit/audit-log.js';
import { currentActor } from '../../../domain/actor.js';
import { WEBHOOKS_CLOCK } from '../../../config/tokens.js';
import type { WebhookClock } from '../../../domain/clock.js';
import { newId } from '../../../domain/id.js';
import { WebhooksError } from '../../../domain/webhooks.error.js';
import { WebhookNotFoundError } from '../../../management/management.errors.js';
import { checkLimit, pageOf, type WebhookPageView } from '../../../management/views/page.view.js';
import { MOST_OPEN_JOBS, WebhookJobRepository } from '../../../persistence/webhook-job.repository.js';
import { WebhookEndpointRepository } from '../../../persistence/webhook-endpoint.repository.js';
import type { WebhookJob } from '../../../persistence/webhook-job.entity.js';
import type { WebhookPage } from '../../../persistence/webhook-log.repository.js';
import { operatorJobView, type OperatorJobView } from '../views/job.view.js';
import { jobRequest, keptRequest, type JobInput, type JobRequest } from './job-request.js';
import type { JobCount } from './job-work.js';
import { JobWorks } from './job-works.js';

/** Long work over many deliveries, at a set pace. If its worker dies, another one continues it. */
@Injectable()
export class JobsService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookJobRepository) private readonly jobs: WebhookJobRepository,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(JobWorks) private readonly works: JobWorks,
  ) {}

  /**
   * Counts what a job would process if it started now. Counting stops at about 100,000, or after some seconds:
   * `isMore`.
   * @throws InvalidWebhookInputError, WebhookNotFoundError, WebhookConflictError: the same as `start`
   */
  async preview(input: JobInput): Promise<JobCount> {
    const request = await this.checked(input);
    return this.works.of(input.kind).count(request, this.clock.now());
  }

  /**
   * Starts a job. A worker claims it within a second. If the same job is already running, returns that one.
   * @throws InvalidWebhookInputError for a filter that the kind does not support, WebhookNotFoundError and
   * WebhookConflictError for an
   *   endpoint of `move`, WebhooksError `webhooks/too-many-jobs` if 100 are running
   */
  async start(input: JobInput): Promise<OperatorJobView> {
    const request = await this.checked(input);
    const now = this.clock.now();
    const { total, isMore } = await this.works.of(input.kind).count(request, now);
    const recording = await this.audit.begin();
    const { id: actor } = await currentActor();
    const job: WebhookJob = {
      id: newId('job', now),
      kind: input.kind,
      request,
      status: 'waiting',
      progress: null,
      total: isMore ? null : total,
      done: 0,
      failed: 0,
      receipt: null,
      problem: null,
      actor,
      leaseToken: null,
      nextRunAt: now,
      createdAt: now,
      updatedAt: now,
      finishedAt: null,
    };
    const id = await this.jobs.insert(job, recording.of(startOf(job, request)));
    if (id === null) throw new TooManyJobsError();
    if (id === job.id) recording.tell();
    return this.get(id);
  }

  /** The newest first. */
  list(page: WebhookPage): Promise<WebhookPageView<OperatorJobView>> {
    checkLimit(page);
    return pageOf(
      page,
      (wanted) => this.jobs.list(wanted),
      (rows) => rows.map(operatorJobView),
    );
  }

  /** @throws WebhookNotFoundError */
  async get(id: string): Promise<OperatorJobView> {
    return operatorJobView(await this.found(id));
  }

  /** Stops a job and keeps what it has done. Does nothing if the job has ended. @throws WebhookNotFoundError */
  async stop(id: string): Promise<OperatorJobView> {
    const request = requestOf(await this.found(id));
    const { tenant, endpointId } = request.filter;
    const recording = await this.audit.begin();
    const also = recording.of({
      tenant: tenant ?? '',
      act: 'job.stopped',
      subject: { kind: 'job', id },
      ...(endpointId === undefined ? {} : { endpointId }),
    });
    if (await this.jobs.stop(id, keptRequest(request), this.clock.now(), also)) recording.tell();
    return this.get(id);
  }

  private async found(id: string): Promise<WebhookJob> {
    const job = await this.jobs.find(id);
    if (!job) throw new WebhookNotFoundError('job', id);
    return job;
  }

  private async checked(input: JobInput): Promise<JobRequest> {
    const request = await this.withTenant(jobRequest(input));
    await this.works.of(input.kind).check?.(request);
    return request;
  }

  /** A job on one endpoint is its tenant's: it is recorded there, and goes when the tenant is erased. */
  private async withTenant(request: JobRequest): Promise<JobRequest> {
    const { tenant: given, endpointId, ...others } = request.filter;
    if (endpointId === undefined) return request;
    const endpoint = await this.endpoints.find(endpointId);
    const tenant = endpoint?.tenant ?? given;
    if (tenant === undefined || (given !== undefined && tenant !== given))
      throw new WebhookNotFoundError('endpoint', endpointId);
    // The tenant comes first: an erasure finds the job by it.
    return { ...request, filter: { tenant, endpointId, ...others } };
  }
}

const requestOf = ({ request }: WebhookJob): JobRequest => request as JobRequest;

/** The event filter of an erasure may contain personal data. */
const startOf = ({ id, kind }: WebhookJob, { filter, perSecond, to }: JobRequest): RecordedAct => ({
  tenant: filter.tenant ?? '',
  act: kind === 'erase' ? 'tenant.erased' : 'job.started',
  subject: { kind: 'job', id },
  ...(filter.endpointId === undefined ? {} : { endpointId: filter.endpointId }),
  after: { kind, filter, perSecond, ...(to === undefined ? {} : { to }) },
});

class TooManyJobsError extends WebhooksError {
  readonly code = 'webhooks/too-many-jobs';

  constructor() {
    super(`${MOST_OPEN_JOBS} jobs are under way already. Wait until one is done, or stop some.`);
  }
}
