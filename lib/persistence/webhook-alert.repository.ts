import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LessThanOrEqual, type SelectQueryBuilder } from 'typeorm';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookWorkerRow } from './webhook-worker.entity.js';

/** Of rows that are no workers: nobody was ever heard of with them. */
const NEVER_SEEN = 0;

/** What the app was told of and is not over. Times in epoch ms. */
export interface OpenAlert {
  readonly since: number;
  /** The process that told. */
  readonly owner: string;
}

/**
 * What the app was told of and is not over yet: whichever process writes a row, or deletes it, tells. They are in the table of the workers, by
 * ids that no worker has.
 */
@Injectable()
export class WebhookAlertRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** `null` where it is not open. */
  async find(kind: string): Promise<OpenAlert | null> {
    const row = await this.rows()
      .where({ id: idOf(kind) })
      .getOne();
    return row && { since: row.startedAt, owner: row.name };
  }

  /** Gives true to the one caller that tells of its begin. */
  async begin(kind: string, { since, owner }: OpenAlert): Promise<boolean> {
    const id = idOf(kind);
    if (await this.find(kind)) return false;
    const insert = this.rows().insert().values({ id, name: owner, startedAt: since, seenAt: NEVER_SEEN });
    const look = this.rows().select('row.id', 'id').where({ id });
    const { written } = await this.database.writeIf(id, look, (rows) => rows.length === 0, insert);
    return written;
  }

  /** Gives true to the one caller that tells of its end. */
  async end(kind: string): Promise<boolean> {
    return (
      (await this.database.write(
        this.rows()
          .delete()
          .where({ id: idOf(kind) }),
      )) > 0
    );
  }

  /** Gives true to one caller within `forMs`: it tells of what has no end. What others were told of longer ago is forgotten. */
  async tellOnce(kind: string, now: number, forMs: number): Promise<boolean> {
    const past = { name: ONCE, seenAt: NEVER_SEEN, startedAt: LessThanOrEqual(now - forMs) };
    await this.database.write(this.rows().delete().where(past));
    return this.begin(kind, { since: now, owner: ONCE });
  }

  private rows(): SelectQueryBuilder<WebhookWorkerRow> {
    return this.database.primary.createQueryBuilder(WebhookWorkerRow, 'row');
  }
}

/** In place of an owner. */
const ONCE = 'once';

/** Kinds may be long, and hold a tenant. */
const idOf = (kind: string): string =>
  `alert_${createHash('sha256').update(kind).digest('hex').slice(0, 32)}`;
