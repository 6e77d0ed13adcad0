import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, type SelectQueryBuilder } from 'typeorm';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookWorkerRow } from './webhook-worker.entity.js';

/** The heartbeat of alert rows. It is never recent, so they don't count as workers. */
const NEVER_SEEN = 0;

/** A problem that the app was told of, and that is not over. Times in epoch ms. */
export interface OpenAlert {
  readonly since: number;
  /** The process that told the app. */
  readonly owner: string;
}

/**
 * Problems that the app was told of, and that are not over. The process that inserts or deletes the row tells the
 * app. The rows are in the table of the workers, with ids that no worker has.
 */
@Injectable()
export class WebhookAlertRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** Those that are open, by their kinds. */
  async find(kinds: readonly string[]): Promise<Map<string, OpenAlert>> {
    const rows = await this.rows()
      .where({ id: In(kinds.map(idOf)) })
      .getMany();
    const byId = new Map(rows.map(({ id, startedAt, name }) => [id, { since: startedAt, owner: name }]));
    return new Map(
      kinds.flatMap((kind) => {
        const found = byId.get(idOf(kind));
        return found ? [[kind, found] as const] : [];
      }),
    );
  }

  /** Returns true to exactly one caller, which reports the start. */
  async begin(kind: string, { since, owner }: OpenAlert): Promise<boolean> {
    const id = idOf(kind);
    if ((await this.find([kind])).size > 0) return false;
    const insert = this.rows().insert().values({ id, name: owner, startedAt: since, seenAt: NEVER_SEEN });
    const look = this.rows().select('row.id', 'id').where({ id });
    const { written } = await this.database.writeIf(id, look, (rows) => rows.length === 0, insert);
    return written;
  }

  /** Returns true to exactly one caller, which reports the end. */
  async end(kind: string): Promise<boolean> {
    return (
      (await this.database.write(
        this.rows()
          .delete()
          .where({ id: idOf(kind) }),
      )) > 0
    );
  }

  /** Returns true to one caller within `forMs`, which reports something that has no end. Deletes older rows. */
  async tellOnce(kind: string, now: number, forMs: number): Promise<boolean> {
    const past = { name: ONCE, seenAt: NEVER_SEEN, startedAt: LessThanOrEqual(now - forMs) };
    await this.database.write(this.rows().delete().where(past));
    return this.begin(kind, { since: now, owner: ONCE });
  }

  private rows(): SelectQueryBuilder<WebhookWorkerRow> {
    return this.database.primary.createQueryBuilder(WebhookWorkerRow, 'row');
  }
}

/** The value of the owner's column if there is none. */
const ONCE = 'once';

/** Shortens the id: a kind may be long, and contain a tenant. */
const idOf = (kind: string): string =>
  `alert_${createHash('sha256').update(kind).digest('hex').slice(0, 32)}`;
