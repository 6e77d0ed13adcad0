import { describe, expect, it } from 'vitest';
import { WorkerCapacity } from '../../lib/delivery/worker-capacity.js';

const delivery = (tenant: string, characters = 0): { tenant: string; body: string } => ({
  tenant,
  body: 'x'.repeat(characters),
});

describe('The capacity of a worker', () => {
  it('is its bound minus what it holds, and grows back with each released delivery', () => {
    const capacity = new WorkerCapacity({ deliveries: 10, characters: 1_000 });
    expect(capacity.room()).toBe(10);
    const held = [delivery('a'), delivery('b')];
    for (const one of held) capacity.hold(one);
    expect(capacity.room()).toBe(8);
    for (const one of held) capacity.release(one);
    expect(capacity.room()).toBe(10);
    expect(capacity.isEmpty).toBe(true);
  });

  it('has no room once the held bodies reach their bound', () => {
    const capacity = new WorkerCapacity({ deliveries: 10, characters: 1_000 });
    const large = delivery('a', 600);
    capacity.hold(large);
    expect(capacity.room()).toBe(9);
    capacity.hold(delivery('b', 400));
    expect(capacity.room()).toBe(0);
    expect(capacity.room('c')).toBe(0);
    capacity.release(large);
    expect(capacity.room('c')).toBe(9);
  });

  it('gives a tenant half, and the next tenant half of the rest', () => {
    const capacity = new WorkerCapacity({ deliveries: 100, characters: 1_000 });
    const fill = (tenant: string): number => {
      let held = 0;
      for (; capacity.room(tenant) > 0; held++) capacity.hold(delivery(tenant));
      return held;
    };
    expect(['a', 'b', 'c', 'd'].map(fill)).toEqual([50, 25, 13, 6]);
    expect(capacity.room()).toBe(6);
  });
});
