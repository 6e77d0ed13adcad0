import { Inject, Injectable } from '@nestjs/common';
import { LATENCY_BOUNDS_MS } from '../domain/latency.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';

/** Attempts of one bucket of time with one outcome, in one bin of `LATENCY_BOUNDS_MS`. */
export interface AttemptCount {
  /** Bucket number: the start of the bucket in epoch ms divided by its length. */
  readonly bucket: number;
  readonly outcome: AttemptOutcome;
  readonly bin: number;
  readonly attempts: number;
}

const BIN = `CASE ${LATENCY_BOUNDS_MS.map((bound, bin) => `WHEN duration_ms <= ${bound} THEN ${bin}`).join(' ')} ELSE ${LATENCY_BOUNDS_MS.length} END`;

@Injectable()
export class WebhookStatsRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  async attempts(
    scope: { readonly tenant: string; readonly endpointId?: string },
    since: number,
    until: number,
    bucketMs: number,
  ): Promise<AttemptCount[]> {
    const query = this.database.dataSource
      .getRepository(WebhookAttempt)
      .createQueryBuilder('attempt')
      // FLOOR gives the same on every database, whatever its division of integers does.
      .select(`FLOOR(started_at / ${bucketMs})`, 'bucket')
      .addSelect('outcome', 'outcome')
      .addSelect(BIN, 'bin')
      .addSelect('COUNT(*)', 'attempts')
      .where('tenant = :tenant AND started_at >= :since AND started_at < :until', { ...scope, since, until })
      .groupBy(`FLOOR(started_at / ${bucketMs})`)
      .addGroupBy('outcome')
      .addGroupBy(BIN);
    if (scope.endpointId) query.andWhere('endpoint_id = :endpointId', { endpointId: scope.endpointId });
    const rows = await query.getRawMany<Record<keyof AttemptCount, string | number>>();
    return rows.map((row) => ({
      bucket: Number(row.bucket),
      outcome: row.outcome as AttemptOutcome,
      bin: Number(row.bin),
      attempts: Number(row.attempts),
    }));
  }
}
