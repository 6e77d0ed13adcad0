import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Lease, NewEvent } from './sql/delivery-statements.js';
import type { SqlExecutor } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';

/** An event as it is stored. `deliveries` is 0 for one that its idempotency key had stored before. */
export interface StoredEvent {
  readonly event: NewEvent;
  readonly deliveries: number;
}

@Injectable()
export class WebhookEventRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * Stores the events and fans them out, the deliveries held under `lease` where there is one: in a transaction
   * of their own, or in `manager`'s.
   */
  async store(
    events: readonly NewEvent[],
    lease: Lease | null,
    manager?: EntityManager,
  ): Promise<StoredEvent[]> {
    const executor = manager ? this.database.executorOf(manager) : this.database.executor;
    const { statements } = this.database;
    const counts = statements.fanOutCounts(await executor.run(statements.storeEvents(events, lease)));
    const stored: StoredEvent[] = [];
    for (const event of events) {
      const deliveries = counts.get(event.id);
      stored.push(
        deliveries === undefined
          ? { event: await this.findByKey(executor, event), deliveries: 0 }
          : { event, deliveries },
      );
    }
    return stored;
  }

  private async findByKey(executor: SqlExecutor, event: NewEvent): Promise<NewEvent> {
    const [found] = await executor.run([this.database.statements.findByKey(event)]);
    const row = found!.rows[0]!;
    return {
      id: String(row.id),
      tenant: event.tenant,
      type: String(row.type),
      body: String(row.body),
      idempotencyKey: event.idempotencyKey,
      createdAt: Number(row.created_at),
    };
  }
}
