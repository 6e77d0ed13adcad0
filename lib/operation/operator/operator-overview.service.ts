import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../../config/tokens.js';
import type { WebhooksConfig } from '../../config/webhooks-config.js';
import type { WebhookClock } from '../../domain/clock.js';
import { iso } from '../../domain/iso.js';
import { Pauses, type PausedTarget } from '../../domain/pauses.js';
import {
  WebhookAllEndpointsRepository,
  type EndpointState,
} from '../../persistence/webhook-all-endpoints.repository.js';
import { MOST_COUNTED, WebhookBacklogRepository } from '../../persistence/webhook-backlog.repository.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import { WebhookWorkerRepository } from '../../persistence/webhook-worker.repository.js';
import { PausesService } from '../acts/pauses.service.js';
import type { OperatorPauseView } from '../acts/views.js';
import * as attention from './attention.js';
import { MOST_DUE_OF_ONE } from './operator-due.js';
import { dueView, type OperatorDueView } from './views/due.view.js';
import { operatorWorkerView, type OperatorWorkerView } from './views/worker.view.js';

/** The default of a health check. */
const LATE_MS = 300_000;
const MOST_WAITING = 20;
/** The largest number of each kind. */
const MOST_SHOWN = 50;

/** The backlog of one endpoint. */
export interface OperatorBacklogView {
  tenant: string;
  endpointId: string;
  due: OperatorDueView;
}

/** The current state of all tenants. */
export interface OperatorOverviewView {
  at: string;
  due: OperatorDueView;
  /**
   * The endpoints with the longest-due deliveries, at most 20. It checks those of a thousand tenants, and those of
   * the thousand longest-due deliveries.
   */
  backlog: OperatorBacklogView[];
  workers: OperatorWorkerView[];
  pauses: OperatorPauseView[];
  /**
   * What an operator should look at, the most urgent first; at most 50 endpoints of each kind, and whether there are
   * more.
   */
  attention: attention.OperatorAttentionView[];
  isMoreAttention: boolean;
}

/** The first page for people on call. */
@Injectable()
export class OperatorOverviewService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
    @Inject(WebhookAllEndpointsRepository) private readonly endpoints: WebhookAllEndpointsRepository,
    @Inject(WebhookWorkerRepository) private readonly workers: WebhookWorkerRepository,
    @Inject(PausesService) private readonly pauses: PausesService,
  ) {}

  async get(): Promise<OperatorOverviewView> {
    const now = this.clock.now();
    const [count, oldestDueAt, waiting, workers, { data: pauses }] = await Promise.all([
      this.backlog.countDue(now),
      this.backlog.oldestDueAt(now),
      this.backlog.waiting(now),
      this.workers.list(),
      this.pauses.list(),
    ]);
    const covered = new Pauses(pauses.map(targetOf));
    const [backlog, unattended, troubled] = await Promise.all([
      this.backlog.dueOf(waiting.slice(0, MOST_WAITING), now, MOST_DUE_OF_ONE),
      this.backlog.unattendedOf(
        // A paused delivery is not late.
        waiting.filter((one) => !covered.covers(one)),
        now,
        now - LATE_MS,
        this.config.delivery.leaseMs,
      ),
      this.troubled(now),
    ]);
    const isLate = oldestDueAt !== null && oldestDueAt <= now - LATE_MS && !covered.coversAll;
    const due = dueView(count, MOST_COUNTED, oldestDueAt);
    const limited = troubled.limited.filter(({ id }) => waiting.some(({ endpointId }) => endpointId === id));
    const failures = await this.endpoints.failures(troubled.failing);
    const shown = [unattended, troubled.failing, troubled.disabled, troubled.deferred, limited, pauses];
    return {
      at: iso(now),
      due,
      backlog: backlog.map(({ tenant, endpointId, ...waits }) => ({
        tenant,
        endpointId,
        due: dueView(waits.count, MOST_DUE_OF_ONE, waits.oldestDueAt),
      })),
      workers: workers.map((worker) => operatorWorkerView(worker, now)),
      pauses,
      attention: [
        ...attention.noWorker(workers, now),
        ...(isLate ? [attention.lag(oldestDueAt, due)] : []),
        ...unattended.slice(0, MOST_SHOWN).map(attention.unattended),
        ...pauses.slice(0, MOST_SHOWN).map(attention.paused),
        ...troubled.failing.slice(0, MOST_SHOWN).map((one) => attention.failing(one, failures.get(one.id))),
        ...troubled.disabled.slice(0, MOST_SHOWN).map(attention.disabled),
        ...troubled.deferred.slice(0, MOST_SHOWN).map(attention.deferred),
        ...limited.slice(0, MOST_SHOWN).map(attention.limited),
      ],
      isMoreAttention: shown.some((kind) => kind.length > MOST_SHOWN),
    };
  }

  private async troubled(now: number): Promise<Record<EndpointState, WebhookEndpoint[]>> {
    const of = async (state: EndpointState): Promise<WebhookEndpoint[]> =>
      (await this.endpoints.list({ state }, { limit: MOST_SHOWN + 1 }, now)).found;
    const [failing, disabled, deferred, limited] = await Promise.all([
      of('failing'),
      of('disabled'),
      of('deferred'),
      of('limited'),
    ]);
    return { failing, disabled, deferred, limited };
  }
}

const targetOf = ({ scope, tenant, endpointId }: OperatorPauseView): PausedTarget => ({
  scope,
  tenant: tenant ?? '',
  endpointId: endpointId ?? '',
});
