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
   * The newest first. For a text it looks through 50,000 endpoints: a page may have fewer than `limit` then, and a `nextCursor` that
   * goes on.
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
   * Turns an endpoint off, and shows its owner why: `reason` is in the customers' routes and dashboard. What is pending for it is canceled.
   * Its owner can turn it on again; to keep anything from being sent, pause it.
   * @param reason 1 to 500 characters
   * @throws WebhookNotFoundError, InvalidWebhookInputError
   */
  disable(id: string, reason: string): Promise<OperatorEndpointView> {
    return this.switches.disable(id, reason).then(() => this.get(id));
  }

  /** Turns it on, whoever has turned it off. @throws WebhookNotFoundError */
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
