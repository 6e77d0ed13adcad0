import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WebhooksStructure } from '../config/check-structure.js';
import { WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { InvalidEmitOptionError } from './emit-rules.js';

/** How long a process relies on the answer that there are no tenants. */
const LOOK_AGAIN_MS = 10_000;

/**
 * Decides about an emit without a tenant, in a process that has no routes and was not told whether the app has tenants:
 * asks the database. In an app with tenants, an event stored under `''` would reach nobody.
 */
@Injectable()
export class UnnamedTenant implements OnModuleInit {
  private readonly logger = new WebhooksLogger();
  private hasTenants = false;
  private lookedAt = -Infinity;
  private warned = false;

  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
  ) {}

  /** Asks the database in advance, so that the first emit need not wait. */
  async onModuleInit(): Promise<void> {
    if (this.structure.tenants !== undefined) return;
    // If the database is down, the first emit asks again.
    await this.appHasTenants(undefined).catch(() => undefined);
  }

  /** @throws InvalidEmitOptionError if a tenant has a webhook */
  async check(type: string, tenant: string | undefined, manager: EntityManager | undefined): Promise<void> {
    if (this.structure.tenants !== undefined || (tenant !== undefined && tenant !== '')) return;
    if (await this.appHasTenants(manager)) {
      throw new InvalidEmitOptionError(
        type,
        'tenant',
        'is missing, and this app has tenants: at least one of them has a webhook. Say whose the event is: { tenant }. ' +
          'If the app also has events of no tenant, write tenants: false in WebhooksModule.forRoot.',
      );
    }
    this.warnOnce(type);
  }

  private async appHasTenants(manager: EntityManager | undefined): Promise<boolean> {
    const now = performance.now();
    if (!this.hasTenants && now - this.lookedAt >= LOOK_AGAIN_MS) {
      this.hasTenants = await this.endpoints.someTenantHas(manager);
      this.lookedAt = now;
    }
    return this.hasTenants;
  }

  private warnOnce(type: string): void {
    if (this.warned) return;
    this.warned = true;
    this.logger.warn(
      `'${type}' was stored for no tenant. With api: false, this process can't tell whether the app has tenants. Write ` +
        'tenants: true in WebhooksModule.forRoot if it has, so that every emit must name one, else tenants: false.',
    );
  }
}
