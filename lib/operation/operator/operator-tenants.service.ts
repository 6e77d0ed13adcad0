import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import { PauseWatch } from '../../delivery/pause-watch.js';
import type { WebhookClock } from '../../domain/clock.js';
import { checkLimit, type WebhookPageView } from '../../management/views/page.view.js';
import { WebhookBacklogRepository, type EndpointDue } from '../../persistence/webhook-backlog.repository.js';
import { WebhookTenantRepository, type TenantPage } from '../../persistence/webhook-tenant.repository.js';
import { MOST_DUE_OF_ONE, dueTogether } from './operator-due.js';
import { operatorTenantView, type OperatorTenantView } from './views/tenant.views.js';

@Injectable()
export class OperatorTenantsService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookTenantRepository) private readonly tenants: WebhookTenantRepository,
    @Inject(PauseWatch) private readonly watch: PauseWatch,
    @Inject(WebhookBacklogRepository) private readonly backlog: WebhookBacklogRepository,
  ) {}

  /**
   * The tenants that have endpoints, in the order of their names.
   * @param filter `query`: a part of the name, ignoring case
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  async list(filter: { query?: string }, page: TenantPage): Promise<WebhookPageView<OperatorTenantView>> {
    checkLimit(page);
    const { limit } = page;
    const found = await this.tenants.list(filter.query, { ...page, limit: limit + 1 });
    const shown = found.slice(0, limit);
    return { data: await this.views(shown), nextCursor: found.length > limit ? shown.at(-1)! : null };
  }

  /** Also works for an unknown tenant: all its counts are 0. */
  async get(tenant: string): Promise<OperatorTenantView> {
    return (await this.views([tenant]))[0]!;
  }

  private async views(tenants: readonly string[]): Promise<OperatorTenantView[]> {
    const [pauses, counts, due] = await Promise.all([
      this.watch.look(),
      this.tenants.endpointsOf(tenants),
      this.dueOf(tenants),
    ]);
    return tenants.map((tenant) => {
      const ofTenant = due.filter((one) => one.tenant === tenant);
      return operatorTenantView(
        tenant,
        counts.get(tenant),
        pauses.covers({ tenant, endpointId: '' }),
        dueTogether(ofTenant),
      );
    });
  }

  private async dueOf(tenants: readonly string[]): Promise<EndpointDue[]> {
    const now = this.clock.now();
    const waiting = await this.backlog.waitingOf(tenants);
    return this.backlog.dueOf(
      waiting.filter(({ dueAt }) => dueAt <= now),
      now,
      MOST_DUE_OF_ONE,
    );
  }
}
