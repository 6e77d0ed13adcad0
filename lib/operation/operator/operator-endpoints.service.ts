import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import { EndpointSwitches } from '../acts/endpoint-switches.js';
import { PauseWatch } from '../../delivery/pause-watch.js';
import type { WebhookClock } from '../../domain/clock.js';
import { WebhookNotFoundError } from '../../management/management.errors.js';
import { checkLimit, type WebhookPageView } from '../../management/views/page.view.js';
import {
  WebhookAllEndpointsRepository,
  type AnyEndpointFilter,
} from '../../persistence/webhook-all-endpoints.repository.js';
import { WebhookBacklogRepository } from '../../persistence/webhook-backlog.repository.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from '../../persistence/webhook-endpoint.repository.js';
import type { WebhookPage } from '../../persistence/webhook-log.repository.js';
import { MOST_DUE_OF_ONE } from './operator-due.js';
import { dueView } from './views/due.view.js';
import { operatorEndpointView, type OperatorEndpointView } from './views/endpoint.views.js';

/** The endpoints of all tenants. */
@Injectable()
export class OperatorEndpointsService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookEndpointRepository) private readonly rows: WebhookEndpointRepository,
    @Inject(WebhookAllEndpointsRepository) private readonly endpoints: WebhookAllEndpointsRepository,
    @Inject(PauseWatch) private readonly watch: PauseWatch,
    @Inject(EndpointSwitches) private readonly switches: EndpointSwitches,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
  ) {}

  /**
   * The newest first. A text is searched in 50,000 endpoints: then a page may have fewer than `limit` entries, and
   * still a `nextCursor`.
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  async list(filter: AnyEndpointFilter, page: WebhookPage): Promise<WebhookPageView<OperatorEndpointView>> {
    checkLimit(page);
    const { found, nextCursor } = await this.endpoints.list(filter, page, this.clock.now());
    return { data: await this.views(found), nextCursor };
  }

  /** @throws WebhookNotFoundError */
  async get(id: string): Promise<OperatorEndpointView> {
    const endpoint = await this.rows.find(id);
    if (!endpoint) throw new WebhookNotFoundError('endpoint', id);
    return (await this.views([endpoint]))[0]!;
  }

  /**
   * Disables an endpoint. Its owner sees `reason` in the routes and the dashboard. Pending deliveries to it are
   * canceled. The owner can enable it again. To stop sending for certain, pause it.
   * @param reason 1 to 500 characters
   * @throws WebhookNotFoundError, InvalidWebhookInputError
   */
  disable(id: string, reason: string): Promise<OperatorEndpointView> {
    return this.switches.disable(id, reason).then(() => this.get(id));
  }

  /** Enables it, no matter who disabled it. @throws WebhookNotFoundError */
  enable(id: string): Promise<OperatorEndpointView> {
    return this.switches.enable(id).then(() => this.get(id));
  }

  private async views(endpoints: readonly WebhookEndpoint[]): Promise<OperatorEndpointView[]> {
    const now = this.clock.now();
    const pairs = endpoints.map(({ id: endpointId, tenant }) => ({ tenant, endpointId }));
    const [pauses, due] = await Promise.all([
      this.watch.look(),
      this.backlog.dueOf(pairs, now, MOST_DUE_OF_ONE),
    ]);
    const byId = new Map(due.map((one) => [one.endpointId, one]));
    return endpoints.map((endpoint) => {
      const { count = 0, oldestDueAt = null } = byId.get(endpoint.id) ?? {};
      const paused = pauses.covers({ tenant: endpoint.tenant, endpointId: endpoint.id });
      return operatorEndpointView(endpoint, paused, dueView(count, MOST_DUE_OF_ONE, oldestDueAt), now);
    });
  }
}
