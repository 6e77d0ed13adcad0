import { hourOf } from '../../domain/hour.js';
import { latencyBin } from '../../domain/latency.js';
import type { DeliveryRecord } from '../../domain/delivery.js';

/** How many rows share one count: see `writer` of `WebhookStat`. */
export const WRITERS = 4;

/** The key of a row of counts, in the order of `attemptCounts`. `tenant` and `attempts` follow it. */
export const COUNT_KEY = ['endpoint_id', 'hour', 'outcome', 'bin', 'writer'] as const;
export const COUNT_COLUMNS = [...COUNT_KEY, 'tenant', 'attempts'] as const;

/** The hour that a record counts for; `null` if it does not count. */
export const countedHour = ({ test, attempt }: DeliveryRecord): number | null =>
  test || !attempt ? null : hourOf(attempt.startedAt);

/** The bin of its latency; `null` if it does not count. */
export const countedBin = ({ test, attempt }: DeliveryRecord): number | null =>
  test || !attempt ? null : latencyBin(attempt.durationMs);

/**
 * Rows of `COUNT_COLUMNS`. Each key occurs once, and the keys are sorted, so that two batches never lock the same rows
 * crosswise.
 */
export function attemptCounts(records: readonly DeliveryRecord[], writer: number): unknown[][] {
  const counts = new Map<string, { key: unknown[]; tenant: string; attempts: number }>();
  for (const record of records) {
    const hour = countedHour(record);
    if (hour === null) continue;
    const key = [record.endpointId, hour, record.attempt!.outcome, countedBin(record), writer];
    const id = key.join(' ');
    const count = counts.get(id) ?? { key, tenant: record.tenant, attempts: 0 };
    count.attempts++;
    counts.set(id, count);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { key, tenant, attempts }]) => [...key, tenant, attempts]);
}
