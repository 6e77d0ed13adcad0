import { describe, expect, it } from 'vitest';
import {
  DELIVERY_ID_PARTS,
  deliveryIdOf,
  firstIdAfter,
  firstIdAt,
  idTemplateAt,
  newId,
  newLeaseToken,
} from '../../lib/domain/id.js';

/** Far ahead of what other tests of this process may have used: ids never run backwards. */
const NOW = Date.parse('2100-01-01T00:00:00Z');
const timeOf = (id: string): number => Number.parseInt(id.split('_')[1]!.slice(0, 12), 16);

describe('newId', () => {
  it.each(['ep', 'evt', 'dlv', 'att'] as const)('makes a UUIDv7 without hyphens after %s_', (prefix) => {
    expect(newId(prefix, NOW)).toMatch(new RegExp(`^${prefix}_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$`));
  });

  it('begins with the time', () => {
    expect(timeOf(newId('evt', NOW + 1_000))).toBe(NOW + 1_000);
  });

  it('sorts by creation within a millisecond, also when its counter is used up', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('evt', NOW + 2_000));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    expect(timeOf(ids.at(-1)!)).toBe(NOW + 2_002);
  });

  it('never runs backwards when the clock is set back', () => {
    const before = newId('evt', NOW + 10_000);
    const after = newId('evt', NOW);
    expect(after > before).toBe(true);
  });
});

describe('firstIdAt', () => {
  it('is no larger than any id of its millisecond, and larger than any before it', () => {
    const at = NOW + 20_000;
    const before = newId('evt', at - 1);
    const id = newId('evt', at);
    expect(firstIdAt('evt', at) <= id).toBe(true);
    expect(firstIdAt('evt', at) > before).toBe(true);
    expect(firstIdAt('evt', at + 1) > id).toBe(true);
    expect(firstIdAt('evt', at)).toHaveLength(id.length);
  });

  it('stays an id for times that no id can have', () => {
    expect(firstIdAt('dlv', -1)).toBe(`dlv_${'0'.repeat(32)}`);
    expect(firstIdAt('dlv', Number.MAX_SAFE_INTEGER)).toBe(`dlv_${'f'.repeat(12)}${'0'.repeat(20)}`);
  });
});

describe('firstIdAfter', () => {
  it('is larger than any id made before, also by a clock that had been set back', () => {
    const at = NOW + 40_000;
    newId('evt', at + 59_999);
    const id = newId('evt', at - 1);
    expect(timeOf(id)).toBe(at + 59_999);
    expect(firstIdAfter('evt', at) > id).toBe(true);
  });
});

describe('idTemplateAt', () => {
  it('leaves the time and the number of an id to the database', () => {
    const template = idTemplateAt('dlv', NOW);
    const id = template.replace('@', newId('evt', NOW).slice(4, 16)).replace('########', '00000001');
    expect(id).toMatch(/^dlv_[0-9a-f]{32}$/);
    expect(idTemplateAt('dlv', NOW)).not.toBe(template);
  });
});

describe('deliveryIdOf', () => {
  it("ranks the deliveries of an event under the event's id", () => {
    const eventId = newId('evt', NOW + 30_000);
    const ids = Array.from({ length: 300 }, (_, n) => deliveryIdOf(eventId, n + 1));
    const stem = `dlv_${eventId.slice(4, 4 + DELIVERY_ID_PARTS.eventPart)}`;
    expect(ids[0]).toBe(`${stem}000001`);
    expect(ids[299]).toBe(`${stem}00012c`);
    expect(ids.every((id) => id.length === eventId.length)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
  });

  it('never gives two events the same delivery', () => {
    const eventIds = Array.from({ length: 1_000 }, () => newId('evt', NOW + 40_000));
    const ids = eventIds.flatMap((eventId) => [1, 2, 3].map((rank) => deliveryIdOf(eventId, rank)));
    expect(new Set(ids).size).toBe(3_000);
  });
});

describe('newLeaseToken', () => {
  it('is never the same twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, newLeaseToken)).size).toBe(1_000);
    expect(newLeaseToken()).toMatch(/^[0-9a-f]{32}$/);
  });
});
