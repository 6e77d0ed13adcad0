import { Inject, Injectable } from '@nestjs/common';
import type { ReadingManager } from '../compat/reading-through.js';
import { namesOf, propertiesOf } from './sql/column.js';
import { LOGGED_COLUMNS } from './sql/delivery-columns.js';
import { selectById, type Condition } from './sql/id-range.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';

/** A delivery, with the duration of its last attempt; `null` before there was one. */
export type LoggedDelivery = WebhookDelivery & { readonly durationMs: number | null };

interface Selection {
  readonly conditions: readonly Condition[];
  /** For MySQL: see `selectById`. */
  readonly index: string;
  readonly limit: number;
  readonly order?: 'ASC' | 'DESC';
}

/** Reads deliveries together with data of their attempts. */
@Injectable()
export class LoggedDeliveries {
  /** Attempts have an index by delivery only. This reads one entry of it for each selected row. */
  readonly durationMs: string;

  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {
    const { attempts, deliveries } = database.tables;
    this.durationMs =
      `(SELECT a.duration_ms FROM ${attempts} a WHERE a.delivery_id = ${deliveries}.id ` +
      `ORDER BY a.id DESC LIMIT 1)`;
  }

  async read(
    { order = 'DESC', ...selection }: Selection,
    manager: ReadingManager = this.database.primary,
  ): Promise<LoggedDelivery[]> {
    const { sql, params } = selectById(this.database, {
      ...selection,
      table: this.database.tables.deliveries,
      columns: `${namesOf(LOGGED_COLUMNS)}, ${this.durationMs} AS duration_ms`,
      order,
    });
    const rows: Record<string, unknown>[] = await manager.query(sql, [...params]);
    return rows.map((row) =>
      Object.assign(new WebhookDelivery(), propertiesOf(LOGGED_COLUMNS, row), {
        durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
      }),
    );
  }
}
