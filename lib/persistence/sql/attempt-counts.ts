import { hourOf } from '../../domain/hour.js';
import { latencyBin } from '../../domain/latency.js';
import type { DeliveryRecord } from '../../domain/delivery.js';

/** How many rows one count may be spread over: see `writer` of `WebhookStat`. */
export const WRITERS = 4;

/** What makes a row of the counts; the order of `attemptCounts`. `tenant` and `attempts` come after it. */
export const COUNT_KEY = ['endpoint_id', 'hour', 'outcome', 'bin', 'writer'] as const;
export const COUNT_COLUMNS = [...COUNT_KEY, 'tenant', 'attempts'] as const;

/** Hour and bin that a record counts for; `null` where it does not count. */
export function countedAs({ test, attempt }: DeliveryRecord): { hour: number; bin: number } | null {
  if (test || !attempt) return null;
  return { hour: hourOf(attempt.startedAt), bin: latencyBin(attempt.durationMs) };
}

/** Rows of `COUNT_COLUMNS`, each key once and in one order, so that no two batches lock the same rows crosswise. */
export function attemptCounts(records: readonly DeliveryRecord[], writer: number): unknown[][] {
  const counts = new Map<string, { key: unknown[]; tenant: string; attempts: number }>();
  for (const record of records) {
    const counted = countedAs(record);
    if (!counted) continue;
    const key = [record.endpointId, counted.hour, record.attempt!.outcome, counted.bin, writer];
    const id = key.join(' ');
    const count = counts.get(id) ?? { key, tenant: record.tenant, attempts: 0 };
    count.attempts++;
    counts.set(id, count);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { key, tenant, attempts }]) => [...key, tenant, attempts]);
}
