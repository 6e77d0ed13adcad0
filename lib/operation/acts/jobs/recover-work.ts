import { Inject, Injectable } from '@nestjs/common';
import { patternsOf } from '../../../domain/event-type.js';
import { EndpointFilters } from '../../../persistence/endpoint-filters.js';
import type { WebhookEndpoint } from '../../../persistence/webhook-endpoint.entity.js';
import type { JobBatch } from '../../../persistence/webhook-job.repository.js';
import {
  WebhookBulkRepository,
  changed,
  type BulkFilter,
} from '../../../persistence/webhook-bulk.repository.js';
import type { JobRequest } from './job-request.js';
import { batchSize, counted, pacedAfter, type JobAtWork, type JobCount, type JobWork } from './job-work.js';
import { ResendWork, until } from './resend-work.js';

const LOST = ['failed', 'canceled'] as const;
/** How many endpoints are read at once after the first one: often a batch ends with that. */
const ENDPOINTS = 100;
/** A batch that finds nothing goes on searching for this time. */
const LOOKING_MS = 200;
const COUNTED_AT_ONCE = 1_000;

/** First resends lost deliveries, then goes through the endpoints for events that never had a delivery. */
type Progress = { readonly phase: 'lost'; readonly afterId: string } | MissingPlace;

interface MissingPlace {
  readonly phase: 'missing';
  /** Everything up to here is done. */
  readonly endpointId: string;
  /** The position within the endpoint after it. */
  readonly afterId: string;
}

const FIRST_MISSING: MissingPlace = { phase: 'missing', endpointId: '', afterId: '' };

/** Resends lost deliveries, and creates those that endpoints missed because they did not exist or were disabled. */
@Injectable()
export class RecoverWork implements JobWork {
  constructor(
    @Inject(WebhookBulkRepository) private readonly bulk: WebhookBulkRepository,
    @Inject(ResendWork) private readonly resend: ResendWork,
    @Inject(EndpointFilters) private readonly filters: EndpointFilters,
  ) {}

  async count(request: JobRequest, now: number): Promise<JobCount> {
    const filter = until(request.filter, now);
    const lost = await this.resend.count({ ...request, filter: { ...filter, statuses: LOST } }, now);
    const missing = await counted(FIRST_MISSING, async (place) => {
      const { eventIds, next } = await this.missing(filter, place, COUNTED_AT_ONCE);
      return { count: eventIds.length, next };
    });
    return { total: lost.total + missing.total, isMore: lost.isMore || missing.isMore };
  }

  async next({ request, progress, createdAt }: JobAtWork, now: number): Promise<JobBatch> {
    const filter = until(request.filter, createdAt);
    const place = (progress as Progress | null) ?? { phase: 'lost', afterId: '' };
    if (place.phase === 'missing') return this.nextMissing(filter, place, request, now);
    const lost = { ...filter, statuses: LOST };
    const { batch, next } = await this.resend.batch(lost, place.afterId, request, now);
    const after: Progress = next === null ? FIRST_MISSING : { phase: 'lost', afterId: next };
    return {
      steps: batch.steps,
      outcome: (results) => ({ ...batch.counts(results), progress: after }),
      nextRunAt: pacedAfter(now, batch.size, request.perSecond),
    };
  }

  private async nextMissing(
    filter: BulkFilter,
    place: MissingPlace,
    { perSecond }: JobRequest,
    now: number,
  ): Promise<JobBatch> {
    const { endpointId, eventIds, next } = await this.missing(filter, place, batchSize(perSecond));
    return {
      steps: eventIds.length === 0 ? [] : [this.bulk.create(endpointId, eventIds, now)],
      outcome: (results) => ({ done: changed(results), failed: 0, progress: next ?? place }),
      nextRunAt: next === null ? null : pacedAfter(now, eventIds.length, perSecond),
    };
  }

  /** The next events without a delivery to one endpoint, and where to continue; `null` at the end. */
  private async missing(
    filter: BulkFilter,
    from: MissingPlace,
    limit: number,
  ): Promise<{ endpointId: string; eventIds: string[]; next: MissingPlace | null }> {
    const endAt = performance.now() + LOOKING_MS;
    let read: readonly WebhookEndpoint[] = [];
    let atOnce = 1;
    for (let place = from; ;) {
      if (!read.some(({ id }) => id > place.endpointId)) {
        read = await this.bulk.endpoints(filter, place.endpointId, atOnce);
        atOnce = ENDPOINTS;
      }
      const endpoint = read.find(({ id }) => id > place.endpointId);
      if (!endpoint) return { endpointId: '', eventIds: [], next: null };
      if (!endpoint.active) {
        place = { ...FIRST_MISSING, endpointId: endpoint.id };
        continue;
      }
      const { found, next } = await this.bulk.events(endpoint.tenant, filter, {
        after: place.afterId,
        limit,
        tests: false,
      });
      const eventIds = await this.without(endpoint, found);
      place = next === null ? { ...FIRST_MISSING, endpointId: endpoint.id } : { ...place, afterId: next };
      if (eventIds.length > 0 || performance.now() > endAt)
        return { endpointId: endpoint.id, eventIds, next: place };
    }
  }

  private async without(
    endpoint: WebhookEndpoint,
    events: readonly { readonly id: string; readonly type: string }[],
  ): Promise<string[]> {
    const wanted = events
      .filter(({ type }) => patternsOf(type).some((pattern) => endpoint.events.includes(pattern)))
      .map(({ id }) => id);
    const delivered = await this.bulk.delivered(endpoint.id, wanted);
    const missing = wanted.filter((id) => !delivered.has(id));
    const test = this.filters.testOf(endpoint);
    if (!test || missing.length === 0) return missing;
    const stored = await this.bulk.bodies(missing);
    return missing.filter((id) => stored.has(id) && test(stored.get(id)!));
  }
}
