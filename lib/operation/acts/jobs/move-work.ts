import { fieldProblem } from '../../../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { MOVED, MOVE_PROBLEMS } from '../../../domain/jobs.js';
import { InvalidWebhookInputError } from '../../../domain/webhooks.error.js';
import { WebhookConflictError, WebhookNotFoundError } from '../../../management/management.errors.js';
import type { WebhookEndpoint } from '../../../persistence/webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from '../../../persistence/webhook-endpoint.repository.js';
import type { JobBatch } from '../../../persistence/webhook-job.repository.js';
import { WebhookBulkRepository, changed } from '../../../persistence/webhook-bulk.repository.js';
import type { JobRequest } from './job-request.js';
import {
  JobFailure,
  batchSize,
  pacedAfter,
  type JobAtWork,
  type JobCount,
  type JobWork,
} from './job-work.js';
import { ResendWork, until, withoutMoved } from './resend-work.js';

/** Deliveries that were being sent are checked again after this time, several times. */
const AGAIN_MS = 2_000;
const MOST_PASSES = 5;

interface Progress {
  readonly afterId: string;
  readonly pass: number;
  /** Deliveries that were being sent during this pass. */
  readonly left: number;
}

/** Gives the undelivered events of one endpoint to another endpoint of the tenant. */
@Injectable()
export class MoveWork implements JobWork {
  constructor(
    @Inject(WebhookBulkRepository) private readonly bulk: WebhookBulkRepository,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(ResendWork) private readonly resend: ResendWork,
  ) {}

  async check({ filter: { endpointId = '' }, to = '' }: JobRequest): Promise<void> {
    const source = await this.endpoints.find(endpointId);
    if (!source) throw new WebhookNotFoundError('endpoint', endpointId);
    const target = await this.endpoints.find(to);
    if (!target) throw new WebhookNotFoundError('endpoint', to);
    if (source.id === target.id || source.tenant !== target.tenant)
      throw new InvalidWebhookInputError([
        fieldProblem('to', 'to must be another endpoint of the same tenant.', 'not-another-endpoint'),
      ]);
    if (!target.active)
      throw new WebhookConflictError('webhooks/endpoint-inactive', `Webhook ${to} is off. Turn it on first.`);
  }

  count(request: JobRequest, now: number): Promise<JobCount> {
    return this.resend.count(request, now);
  }

  async next({ request, progress, createdAt }: JobAtWork, now: number): Promise<JobBatch> {
    const { filter, perSecond } = request;
    const target = await this.target(request);
    const { afterId, pass, left } = (progress as Progress | null) ?? { afterId: '', pass: 1, left: 0 };
    const wanted = withoutMoved(until(filter, createdAt));
    const { found, next } = await this.bulk.deliveries(wanted, afterId, batchSize(perSecond));
    const ids = found.map(({ id }) => id);
    const leased = await this.bulk.countHeld(ids, now);
    const isLast = next === null && (left + leased === 0 || pass === MOST_PASSES);
    const again = { afterId: '', pass: pass + 1, left: 0 };
    const going = { afterId: next ?? '', pass, left: left + leased };
    return {
      steps:
        ids.length === 0
          ? []
          : [
              this.bulk.cancel(ids, MOVED, now),
              this.bulk.create(
                target.id,
                found.map(({ eventId }) => eventId),
                now,
                { endpointId: filter.endpointId!, reason: MOVED },
              ),
            ],
      outcome: (results) => ({
        done: changed(results),
        failed: isLast ? left + leased : 0,
        progress: next === null && !isLast ? again : going,
      }),
      nextRunAt: isLast
        ? null
        : Math.max(pacedAfter(now, found.length, perSecond), next === null ? now + AGAIN_MS : now),
    };
  }

  private async target({ to = '' }: JobRequest): Promise<WebhookEndpoint> {
    const target = await this.endpoints.find(to);
    if (!target) throw new JobFailure(MOVE_PROBLEMS['target-gone'](to));
    if (!target.active) throw new JobFailure(MOVE_PROBLEMS['target-off'](to));
    return target;
  }
}
