import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { FanOutCounts, Lease, NewEvent } from './sql/delivery-statements.js';
import type { SqlExecutor } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';

@Injectable()
export class WebhookEventRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * Stores the events and fans them out, the deliveries held under `lease` where there is one: in a transaction
   * of their own, or in `manager`'s. Gives how many deliveries each got; events that an idempotency key kept out
   * are missing.
   */
  async store(
    events: readonly NewEvent[],
    lease: Lease | null,
    manager?: EntityManager,
  ): Promise<FanOutCounts> {
    const { statements } = this.database;
    const results = await this.executor(manager).run(statements.storeEvents(events, lease));
    return statements.fanOutCounts(results);
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

  private executor(manager: EntityManager | undefined): SqlExecutor {
    return manager ? this.database.executorOf(manager) : this.database.executor;
  }
}
