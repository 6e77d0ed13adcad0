import { Inject, Injectable } from '@nestjs/common';
import { And, In, LessThan, MoreThan, type SelectQueryBuilder } from 'typeorm';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookWorkerRow } from './webhook-worker.entity.js';

/** The processes that deliver, by their heartbeats. Times in epoch ms. */
@Injectable()
export class WebhookWorkerRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async tell(worker: WebhookWorkerRow): Promise<void> {
    const { id, seenAt } = worker;
    const known = await this.database.write(this.rows().update().set({ seenAt }).where({ id }));
    if (known === 0) await this.database.write(this.rows().insert().values(worker));
  }

  async forget(id: string): Promise<void> {
    await this.database.write(this.rows().delete().where({ id }));
  }

  /** Deletes by id: a delete with a condition would lock the rows of live workers. */
  async forgetSilent(before: number): Promise<void> {
    const silent = await this.rows()
      .where({ seenAt: And(MoreThan(0), LessThan(before)) })
      .getMany();
    if (silent.length === 0) return;
    await this.database.write(
      this.rows()
        .delete()
        .where({ id: In(silent.map(({ id }) => id)), seenAt: LessThan(before) }),
    );
  }

  /** The latest heartbeat first. Leaves out the rows of alerts, which have no real heartbeat. */
  list(): Promise<WebhookWorkerRow[]> {
    return this.rows()
      .where({ seenAt: MoreThan(0) })
      .orderBy('row.seenAt', 'DESC')
      .addOrderBy('row.id')
      .getMany();
  }

  private rows(): SelectQueryBuilder<WebhookWorkerRow> {
    return this.database.primary.createQueryBuilder(WebhookWorkerRow, 'row');
  }
}
