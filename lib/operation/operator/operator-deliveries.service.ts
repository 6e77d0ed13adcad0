import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import type { WebhookClock } from '../../domain/clock.js';
import { PauseWatch } from '../../delivery/pause-watch.js';
import { DeliveriesService } from '../../management/deliveries.service.js';
import { WebhookNotFoundError } from '../../management/management.errors.js';
import { SingleResend } from '../../management/single-resend.js';
import { checkLimit, type WebhookPageView } from '../../management/views/page.view.js';
import type { OfAnyTenant, WebhookLogFilter } from '../../persistence/log-filter.js';
import type { LoggedDelivery } from '../../persistence/logged-deliveries.js';
import { WebhookBacklogRepository } from '../../persistence/webhook-backlog.repository.js';
import { WebhookEndpointRepository } from '../../persistence/webhook-endpoint.repository.js';
import { WebhookLogRepository, type WebhookPage } from '../../persistence/webhook-log.repository.js';
import { WebhookSearchRepository } from '../../persistence/webhook-search.repository.js';
import { WebhookWorkerRepository } from '../../persistence/webhook-worker.repository.js';
import { MOST_DUE_OF_ONE } from './operator-due.js';
import {
  operatorDeliveryView,
  type OperatorDeliveryDetailView,
  type OperatorDeliveryView,
} from './views/log.views.js';
import { waitingFor, type OperatorWaitingView } from './waiting-for.js';

/** The deliveries of all tenants. */
@Injectable()
export class OperatorDeliveriesService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(PauseWatch) private readonly watch: PauseWatch,
    @Inject(DeliveriesService) private readonly deliveries: DeliveriesService,
    @Inject(SingleResend) private readonly resends: SingleResend,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookSearchRepository) private readonly searches: WebhookSearchRepository,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
    @Inject(WebhookWorkerRepository) private readonly workers: WebhookWorkerRepository,
  ) {}

  /**
   * The newest first, of all tenants or of one. A condition without an index is checked on some thousands of
   * deliveries: then a page may have fewer than `limit` entries, even none, and still a `nextCursor`. Over all
   * tenants, status and type are such conditions, too.
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  async list(
    filter: OfAnyTenant<WebhookLogFilter>,
    page: WebhookPage,
  ): Promise<WebhookPageView<OperatorDeliveryView>> {
    checkLimit(page);
    const { search: text, ...others } = filter;
    const search = text?.trim();
    const { found, nextCursor } = await this.searches.list(search ? { ...others, search } : others, page);
    return { data: found.map(operatorDeliveryView), nextCursor };
  }

  /** With its event, its newest 50 attempts, and what it waits for. @throws WebhookNotFoundError */
  async get(id: string): Promise<OperatorDeliveryDetailView> {
    const delivery = await this.log.anyDelivery(id);
    if (!delivery) throw new WebhookNotFoundError('delivery', id);
    const { tenant } = delivery;
    const [view, waiting] = await Promise.all([this.deliveries.get(tenant, id), this.waitingFor(delivery)]);
    return { tenant, ...view, waitingFor: waiting };
  }

  /**
   * Sends a delivery again now: same id, same bytes. The tenant's limit `resendsPerMinute` does not count it.
   * @throws WebhookNotFoundError, WebhookConflictError while it is being sent, its endpoint is off, or its endpoint's
   *   filter excludes it
   */
  async resend(id: string): Promise<OperatorDeliveryView> {
    const delivery = await this.log.anyDelivery(id);
    if (!delivery) throw new WebhookNotFoundError('delivery', id);
    return operatorDeliveryView(await this.resends.send(delivery.tenant, id));
  }

  private async waitingFor(delivery: LoggedDelivery): Promise<OperatorWaitingView | null> {
    if (delivery.status !== 'pending') return null;
    const now = this.clock.now();
    const [pauses, endpoint, workers, [due]] = await Promise.all([
      this.watch.look(),
      this.endpoints.find(delivery.endpointId),
      this.workers.list(),
      this.backlog.dueOf([delivery], now, MOST_DUE_OF_ONE),
    ]);
    const dueOfEndpoint = due?.count ?? 0;
    return waitingFor({
      now,
      delivery,
      pauses,
      endpoint,
      workers,
      dueOfEndpoint,
      mostCounted: MOST_DUE_OF_ONE,
    });
  }
}
