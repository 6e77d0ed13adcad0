import { percentile } from '../domain/latency.js';
import type { AttemptCount } from '../persistence/webhook-stats.repository.js';
import { iso } from '../domain/iso.js';
import type { StatsCountsView, StatsSpan } from './views/stats.views.js';

/** The starts of a span's buckets: whole multiples of their length. The first one may begin before the span. */
export function bucketStarts({ since, until, bucketMs }: StatsSpan): number[] {
  const first = since - (since % bucketMs);
  return Array.from(
    { length: Math.ceil((until - first) / bucketMs) },
    (_, index) => first + index * bucketMs,
  );
}

/** Every bucket of the span, including those without an attempt. */
export function bucketed(counts: readonly AttemptCount[], span: StatsSpan): StatsCountsView {
  const byBucket = grouped(counts, (count) => count.bucket * span.bucketMs);
  return {
    total: summary(counts),
    buckets: bucketStarts(span).map((startAt) => ({
      startAt: iso(startAt),
      ...summary(byBucket.get(startAt) ?? []),
    })),
  };
}

export function grouped<Key, Item>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function summary(counts: readonly AttemptCount[]): StatsCountsView['total'] {
  const of = (outcome: AttemptCount['outcome']): number =>
    counts.filter((count) => count.outcome === outcome).reduce((sum, { attempts }) => sum + attempts, 0);
  return {
    succeeded: of('succeeded'),
    retrying: of('retrying'),
    failed: of('failed'),
    p50Ms: percentile(counts, 0.5),
    p95Ms: percentile(counts, 0.95),
  };
}
