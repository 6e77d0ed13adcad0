import { fieldProblem } from '../../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import type { WebhookClock } from '../../domain/clock.js';
import { isWholeId } from '../../domain/search-text.js';
import { InvalidWebhookInputError } from '../../domain/webhooks.error.js';
import { WebhookAllEndpointsRepository } from '../../persistence/webhook-all-endpoints.repository.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from '../../persistence/webhook-endpoint.repository.js';
import { WebhookLogRepository } from '../../persistence/webhook-log.repository.js';
import { WebhookTenantRepository } from '../../persistence/webhook-tenant.repository.js';

const MOST_TENANTS = 10;
const MOST_ENDPOINTS = 20;

/** A search result. */
export interface OperatorFoundView {
  kind: 'event' | 'delivery' | 'endpoint' | 'tenant';
  /** The id; for a tenant, its name. */
  id: string;
  tenant: string;
  /** A short description. */
  label: string;
}

export interface OperatorSearchView {
  /** Exact matches come first. */
  data: OperatorFoundView[];
  /** False if there are more results, or if not all endpoints were searched. */
  isWhole: boolean;
}

/** Finds tenants, endpoints, events and deliveries of all tenants. */
@Injectable()
export class OperatorSearchService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookTenantRepository) private readonly tenants: WebhookTenantRepository,
    @Inject(WebhookEndpointRepository) private readonly rows: WebhookEndpointRepository,
    @Inject(WebhookAllEndpointsRepository) private readonly endpoints: WebhookAllEndpointsRepository,
  ) {}

  /**
   * @param text the id of an event, a delivery or an endpoint; or a part of a tenant's name, of an endpoint's URL or of its name
   * @throws InvalidWebhookInputError for an empty text
   */
  async find(text: string): Promise<OperatorSearchView> {
    const asked = text.trim();
    if (asked === '')
      throw new InvalidWebhookInputError([
        fieldProblem('q', 'q must have what to look for, got nothing.', 'required'),
      ]);
    if (isWholeId(asked, 'evt')) return whole(await this.event(asked));
    if (isWholeId(asked, 'dlv')) return whole(await this.delivery(asked));
    if (isWholeId(asked, 'ep')) return whole(endpointFound(await this.rows.find(asked)));
    return this.byText(asked);
  }

  private async event(id: string): Promise<OperatorFoundView[]> {
    const event = await this.log.anyEvent(id);
    return event ? [{ kind: 'event', id, tenant: event.tenant, label: event.type }] : [];
  }

  private async delivery(id: string): Promise<OperatorFoundView[]> {
    const delivery = await this.log.anyDelivery(id);
    if (!delivery) return [];
    const { tenant, eventType, status } = delivery;
    return [{ kind: 'delivery', id, tenant, label: `${eventType}, ${status}` }];
  }

  private async byText(text: string): Promise<OperatorSearchView> {
    const [exact, tenants, { found, nextCursor }] = await Promise.all([
      this.tenants.endpointsOf([text]),
      this.tenants.list(text, { limit: MOST_TENANTS + 1 }),
      this.endpoints.list({ search: text }, { limit: MOST_ENDPOINTS }, this.clock.now()),
    ]);
    const names = new Set([...exact.keys(), ...tenants.slice(0, MOST_TENANTS)]);
    return {
      data: [
        ...[...names].map((id): OperatorFoundView => ({ kind: 'tenant', id, tenant: id, label: id })),
        ...found.flatMap(endpointFound),
      ],
      isWhole: tenants.length <= MOST_TENANTS && nextCursor === null,
    };
  }
}

const whole = (data: OperatorFoundView[]): OperatorSearchView => ({ data, isWhole: true });

const endpointFound = (endpoint: WebhookEndpoint | null): OperatorFoundView[] =>
  endpoint
    ? [
        {
          kind: 'endpoint',
          id: endpoint.id,
          tenant: endpoint.tenant,
          label: `${endpoint.name}, ${endpoint.url}`,
        },
      ]
    : [];
