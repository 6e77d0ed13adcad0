import { Inject, Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint, type WebhookDisabledReason } from './webhook-endpoint.entity.js';
import type { WebhookPage } from './webhook-log.repository.js';

/** What a tenant can change. */
export type WebhookEndpointChanges = Partial<
  Pick<WebhookEndpoint, 'name' | 'url' | 'events' | 'active' | 'description' | 'headers' | 'rateLimit'>
>;

/** All conditions hold. */
export interface WebhookEndpointFilter {
  /** A part of the name or the URL, in upper or lower case; no character of it is a wildcard. */
  readonly search?: string;
  readonly active?: boolean;
}

/** The database lowers both sides, so that what its LOWER leaves alone is still found as it was written. */
const CONTAINS = `(LOWER(row.name) LIKE LOWER(:pattern) ESCAPE '!' OR LOWER(row.url) LIKE LOWER(:pattern) ESCAPE '!')`;
/** The escape character is not the backslash, which MySQL reads as one in string literals too. */
const containing = (text: string): string => `%${text.replaceAll(/[!%_]/g, '!$&')}%`;

/** How far the clocks of two workers may be apart. */
const CLOCKS_DIFFER_MS = 60_000;

@Injectable()
export class WebhookEndpointRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async insert(endpoint: WebhookEndpoint): Promise<void> {
    await this.database.write(this.rows.createQueryBuilder().insert().values(endpoint));
  }

  findOne(tenant: string, id: string): Promise<WebhookEndpoint | null> {
    return this.rows.findOneBy({ tenant, id });
  }

  /** The newest first, after `cursor` where there is one. */
  list(
    tenant: string,
    { search, active }: WebhookEndpointFilter,
    { limit, cursor }: WebhookPage,
  ): Promise<WebhookEndpoint[]> {
    const query = this.rows.createQueryBuilder('row').where({ tenant });
    if (cursor !== undefined) query.andWhere('row.id < :cursor', { cursor });
    if (active !== undefined) query.andWhere({ active });
    if (search !== undefined) query.andWhere(CONTAINS, { pattern: containing(search) });
    return query.orderBy('row.id', 'DESC').limit(limit).getMany();
  }

  count(tenant: string): Promise<number> {
    return this.rows.countBy({ tenant });
  }

  /** Gives false where the tenant has no such endpoint. */
  async update(
    tenant: string,
    id: string,
    changes: Partial<Omit<WebhookEndpoint, 'id' | 'tenant'>>,
  ): Promise<boolean> {
    const update = this.rows.createQueryBuilder().update().set(changes).where({ tenant, id });
    return (await this.database.write(update)) > 0;
  }

  /** False where the secrets are not `current` any more. */
  async replaceSecrets(id: string, current: string, secrets: string, now: number): Promise<boolean> {
    const update = this.rows
      .createQueryBuilder()
      .update()
      .set({ secrets, updatedAt: now })
      .where({ id, secrets: current });
    return (await this.database.write(update)) > 0;
  }

  /** Deletes the endpoint and cancels what was still to be sent to it. */
  async delete(tenant: string, id: string, now: number): Promise<boolean> {
    const cancel = this.database.dataSource
      .createQueryBuilder()
      .update(WebhookDelivery)
      .set({
        status: 'canceled',
        errorCode: 'endpoint-deleted',
        nextAttemptAt: null,
        leaseToken: null,
        completedAt: now,
      })
      .where({ tenant, endpointId: id, status: 'pending' });
    const remove = this.rows.createQueryBuilder().delete().where({ tenant, id });
    return (await this.database.write(remove, cancel)) > 0;
  }

  async startFailing(id: string, since: number): Promise<void> {
    await this.database.write(
      this.rows
        .createQueryBuilder()
        .update()
        .set({ failingSince: since })
        .where('id = :id AND failing_since IS NULL', { id }),
    );
  }

  async stopFailing(id: string): Promise<void> {
    await this.database.write(
      this.rows.createQueryBuilder().update().set({ failingSince: null }).where({ id }),
    );
  }

  /** Gives true to the one caller that turned it off. */
  async disable(
    id: string,
    reason: WebhookDisabledReason,
    now: number,
    failingSince?: number,
  ): Promise<boolean> {
    const disable = this.rows
      .createQueryBuilder()
      .update()
      .set({ active: false, disabledReason: reason, disabledAt: now, updatedAt: now })
      .where({ id, active: true, ...(failingSince === undefined ? {} : { failingSince }) });
    return (await this.database.write(disable)) > 0;
  }

  /**
   * Reserves up to `wanted` of the slots that the rate limit leaves in the next `horizonMs`, for all workers
   * together, and gives their times. Optimistic: a worker that another was faster than looks again.
   */
  async reserveSlots(
    id: string,
    wanted: number,
    intervalMs: number,
    now: number,
    horizonMs: number,
  ): Promise<number[]> {
    for (;;) {
      const endpoint = await this.rows.findOne({ where: { id }, select: { id: true, nextSlotAt: true } });
      if (!endpoint) return [];
      // Nobody reserves so far ahead: a clock has been set back since, and would have to catch up first.
      const isAhead = endpoint.nextSlotAt > now + horizonMs + CLOCKS_DIFFER_MS;
      const first = isAhead ? now : Math.max(endpoint.nextSlotAt, now);
      const count = Math.min(wanted, Math.ceil(Math.max(0, now + horizonMs - first) / intervalMs));
      if (count === 0) return [];
      const update = this.rows
        .createQueryBuilder()
        .update()
        .set({ nextSlotAt: first + count * intervalMs })
        .where({ id, nextSlotAt: endpoint.nextSlotAt });
      if ((await this.database.write(update)) > 0) {
        return Array.from({ length: count }, (_, index) => first + index * intervalMs);
      }
    }
  }

  private get rows(): Repository<WebhookEndpoint> {
    return this.database.dataSource.getRepository(WebhookEndpoint);
  }
}
