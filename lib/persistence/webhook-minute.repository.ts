import { Inject, Injectable } from '@nestjs/common';
import { LessThan, type SelectQueryBuilder } from 'typeorm';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookMinute } from './webhook-minute.entity.js';

/** Number of attempts by outcome. */
export type MinuteCounts = Pick<WebhookMinute, 'succeeded' | 'retrying' | 'failed'>;

/** Lag and volume per minute, over all tenants. Times in epoch ms. */
@Injectable()
export class WebhookMinuteRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  has(minute: number): Promise<boolean> {
    return this.database.primary.existsBy(WebhookMinute, { minute });
  }

  /** Does nothing if another worker has already inserted the row. */
  async insert(minute: Omit<WebhookMinute, keyof MinuteCounts>): Promise<void> {
    const row = { ...minute, succeeded: 0, retrying: 0, failed: 0 };
    await this.database.write(this.rows().insert().values(row).orIgnore());
  }

  /** Adds these to the row of the minute, if it exists. */
  async add(minute: number, counts: MinuteCounts): Promise<void> {
    const sums = Object.entries(counts).map(([name, count]) => [name, () => `${name} + ${Number(count)}`]);
    await this.database.write(this.rows().update().set(Object.fromEntries(sums)).where({ minute }));
  }

  /** The oldest first. @param until exclusive */
  list(since: number, until: number): Promise<WebhookMinute[]> {
    return this.database.replica
      .createQueryBuilder(WebhookMinute, 'row')
      .where('row.minute >= :since AND row.minute < :until', { since, until })
      .orderBy('row.minute')
      .getMany();
  }

  async prune(before: number): Promise<void> {
    await this.database.write(
      this.rows()
        .delete()
        .where({ minute: LessThan(before) }),
    );
  }

  private rows(): SelectQueryBuilder<WebhookMinute> {
    return this.database.primary.createQueryBuilder(WebhookMinute, 'row');
  }
}
