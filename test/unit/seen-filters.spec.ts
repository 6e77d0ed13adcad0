import { describe, expect, it } from 'vitest';
import { filteredBody, type FilteredBody } from '../../lib/domain/endpoint-filter.js';
import type { NewEvent } from '../../lib/domain/delivery.js';
import { SeenFilters, versionedFilter } from '../../lib/persistence/seen-filters.js';

const event = (data: object): NewEvent => ({
  id: 'evt_1',
  tenant: 'acme',
  type: 'post.published',
  body: JSON.stringify({ id: 'evt_1', event_type: 'post.published', created_at: '', data }),
  idempotencyKey: null,
  traceparent: null,
  version: null,
  createdAt: 0,
});
const reads: (string | null)[] = [];
const seenFilters = (): SeenFilters => {
  reads.length = 0;
  return new SeenFilters({
    read: ({ body }, version): FilteredBody | undefined => {
      reads.push(version);
      return version === '2020-01-01' ? undefined : filteredBody(body);
    },
  });
};
const filter = (field: string, equals: unknown): string => JSON.stringify({ field, equals });
/** What it keeps of compiled filters. */
const keptOf = (filters: SeenFilters): { characters: number; count: number } => {
  const { characters, compiled } = filters as unknown as {
    characters: number;
    compiled: Map<string, unknown>;
  };
  return { characters, count: compiled.size };
};

describe('SeenFilters', () => {
  it('keep eight million characters of compiled filters and no more, while each answer stays right', () => {
    const filters = seenFilters();
    const long = 'x'.repeat(7_000);
    const matches = (n: number, platform: string): boolean =>
      filters.allows(event({ platform }), filter('data.platform', `${n}${long}`));
    const matched = Array.from({ length: 1_300 }, (_, n) => n).filter((n) => matches(n, `7${long}`));
    expect(matched).toEqual([7]);
    const { characters, count } = keptOf(filters);
    expect(characters).toBeLessThanOrEqual(8_388_608);
    expect(count).toBeGreaterThan(1_100);
    expect(count).toBeLessThan(1_300);
    // The last ones are not kept, and what is kept stays.
    expect([matches(1_299, `1299${long}`), matches(1_299, 'x'), matches(0, `0${long}`)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(keptOf(filters)).toEqual({ characters, count });
  });

  it('forget all compiled filters when there are too many, which also drops unused ones', () => {
    const filters = seenFilters();
    const learn = (from: number, to: number): void =>
      filters.learn(
        Array.from({ length: to - from }, (_, index) => ({
          tenant: `tenant-${from + index}`,
          endpointId: `ep_${from + index}`,
          filter: filter('data.n', from + index),
        })),
      );
    learn(0, 50_000);
    expect(filters.verdicts([{ ...event({ n: 1 }), tenant: 'tenant-1' }])).toMatchObject({
      allowed: [{ endpointId: 'ep_1' }],
    });
    expect(keptOf(filters).count).toBe(1);
    learn(50_000, 50_001);
    expect(filters.verdicts([{ ...event({ n: 1 }), tenant: 'tenant-1' }])).toBeUndefined();
    expect(keptOf(filters)).toEqual({ characters: 0, count: 0 });
  });

  it('read an event once for each version, and let through what can not be made', () => {
    const filters = seenFilters();
    const one = event({ n: 1 });
    const allows = (version: string | null, n: number): boolean =>
      filters.allows(one, versionedFilter(version, filter('data.n', n)));
    expect([allows(null, 1), allows(null, 2), allows('2026-01-01', 1), allows('2026-01-01', 2)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([allows('2020-01-01', 1), allows('2020-01-01', 2)]).toEqual([true, true]);
    expect(reads).toEqual([null, '2026-01-01', '2020-01-01']);
  });
});
