import { Inject, Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import type { FanOut, Lease, NewEvent } from './sql/delivery-statements.js';
import type { SqlExecutor } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

@Injectable()
export class WebhookEventRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * Stores the events and fans them out, the deliveries held under `lease` where there is one: in a transaction
   * of their own, or in `manager`'s.
   * @param withEndpoints whether their endpoints' state is of use
   */
  async store(
    events: readonly NewEvent[],
    lease: Lease | null,
    { manager, withEndpoints = false }: { manager?: EntityManager; withEndpoints?: boolean } = {},
  ): Promise<FanOut> {
    const { statements } = this.database;
    const waits = manager ? [] : (statements.awaitKeys?.(events) ?? []);
    if (waits.length > 0) await this.database.executor.run(waits);
    const results = await this.executor(manager).run(statements.storeEvents(events, lease, withEndpoints));
    return statements.fannedOut(results);
  }

  /** The event that `event`'s idempotency key belongs to; `undefined` where it has been pruned meanwhile. */
  async findByKey(event: NewEvent, manager?: EntityManager): Promise<NewEvent | undefined> {
    const [found] = await this.executor(manager).run([this.database.statements.findByKey(event)]);
    const [row] = found!.rows;
    if (!row) return undefined;
    return {
      id: String(row.id),
      tenant: event.tenant,
      type: String(row.type),
      body: String(row.body),
      idempotencyKey: event.idempotencyKey,
      createdAt: Number(row.created_at),
    };
  }

  /** The deliveries of an event that hold a lease, by lease; `undefined` where there is no such event. */
  async findLeased(id: string): Promise<{ lease: Lease; deliveryIds: string[] }[] | undefined> {
    const { manager } = this.database.dataSource;
    if (!(await manager.existsBy(WebhookEvent, { id }))) return undefined;
    const deliveries = await manager.find(WebhookDelivery, {
      where: { eventId: id, leaseToken: Not(IsNull()) },
      select: { id: true, leaseToken: true, nextAttemptAt: true },
    });
    const leases = new Map(deliveries.map((one) => [one.leaseToken!, one.nextAttemptAt!]));
    return [...leases].map(([token, expiresAt]) => ({
      lease: { token, expiresAt },
      deliveryIds: deliveries.filter(({ leaseToken }) => leaseToken === token).map((delivery) => delivery.id),
    }));
  }

  private executor(manager: EntityManager | undefined): SqlExecutor {
    return manager ? this.database.executorOf(manager) : this.database.executor;
  }
}
