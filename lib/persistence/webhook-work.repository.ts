import { Inject, Injectable } from '@nestjs/common';
import type { PausedTarget } from '../domain/pauses.js';
import type { SqlRow } from './sql/sql-executor.js';
import { statementWith } from './sql/placeholders.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';

/** What there may be to do for a worker. */
export interface SeenWork {
  readonly paused: readonly PausedTarget[];
  /** Whether a job of operators has not ended. */
  readonly hasOpenJob: boolean;
  readonly hasDue: boolean;
}

/** The row that tells of everything but the pauses. */
const WORK = 'work';

/** What every worker looks for all the time, in one statement. */
@Injectable()
export class WebhookWorkRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** @param now epoch ms, for what is due */
  async look(now: number): Promise<SeenWork> {
    const { tables, isMysql, primary } = this.database;
    const index = isMysql ? ` FORCE INDEX (${tables.index('webhook_deliveries_due')})` : '';
    const openJob = `SELECT id FROM ${tables.jobs} WHERE status IN ('waiting', 'running') LIMIT 1`;
    const due = `SELECT id FROM ${tables.deliveries}${index} WHERE status = 'pending' AND next_attempt_at <= ?
      ORDER BY next_attempt_at LIMIT 1`;
    const { sql, params } = statementWith(
      this.database,
      `SELECT scope, tenant, endpoint_id FROM ${tables.pauses}
        UNION ALL SELECT '${WORK}', COALESCE((${openJob}), ''), COALESCE((${due}), '')`,
      [now],
    );
    const rows: SqlRow[] = await primary.query(sql, [...params]);
    const work = rows.find(({ scope }) => scope === WORK)!;
    return {
      paused: rows
        .filter((row) => row !== work)
        .map((row) => ({
          scope: row.scope as PausedTarget['scope'],
          tenant: String(row.tenant),
          endpointId: String(row.endpoint_id),
        })),
      hasOpenJob: work.tenant !== '',
      hasDue: work.endpoint_id !== '',
    };
  }
}
