import { percentile } from '../domain/latency.js';
import type { AttemptCount } from '../persistence/webhook-stats.repository.js';

/** Attempts of a span of time by outcome, and how long they took. */
export interface WebhookStatsBucket {
  /** Epoch ms. */
  readonly startAt: number;
  readonly succeeded: number;
  readonly retrying: number;
  readonly failed: number;
  /** `null` where there was no attempt. Estimated from a histogram, to about a sixth. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface WebhookStatsCounts {
  readonly total: Omit<WebhookStatsBucket, 'startAt'>;
  readonly buckets: readonly WebhookStatsBucket[];
}

/** Epoch ms and ms; `until` is exclusive. */
export interface WebhookStatsSpan {
  readonly since: number;
  readonly until: number;
  readonly bucketMs: number;
}

/** The starts of a span's buckets: whole multiples of their length, the first one maybe before the span. */
export function bucketStarts({ since, until, bucketMs }: WebhookStatsSpan): number[] {
  const first = since - (since % bucketMs);
  return Array.from(
    { length: Math.ceil((until - first) / bucketMs) },
    (_, index) => first + index * bucketMs,
  );
}

/** Every bucket of the span, those without an attempt too. */
export function bucketed(counts: readonly AttemptCount[], span: WebhookStatsSpan): WebhookStatsCounts {
  const byBucket = grouped(counts, (count) => count.bucket * span.bucketMs);
  return {
    total: summary(counts),
    buckets: bucketStarts(span).map((startAt) => ({ startAt, ...summary(byBucket.get(startAt) ?? []) })),
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

function summary(counts: readonly AttemptCount[]): Omit<WebhookStatsBucket, 'startAt'> {
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
