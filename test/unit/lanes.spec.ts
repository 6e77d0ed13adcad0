import { describe, expect, it } from 'vitest';
import type { LaneAnswer, Started } from '../../lib/delivery/lane.js';
import { Lanes } from '../../lib/delivery/lanes.js';

const NOW = 1_000_000;
const FINE: LaneAnswer = { verdict: 'accepted', durationMs: 10 };
const NOBODY: LaneAnswer = { verdict: 'away', durationMs: 15_000 };

interface Item {
  readonly tenant: string;
  readonly endpointId: string;
  readonly n: number;
}
interface InFlight {
  readonly item: Item;
  readonly started: Started;
}

class Lab {
  readonly lanes: Lanes<Item>;
  readonly inFlight: InFlight[] = [];
  private count = 0;
  now = NOW;

  constructor(limits: { total: number; perLane: number }) {
    this.lanes = new Lanes(limits);
  }

  add(endpointId: string, count = 1, tenant = endpointId[0]!, concurrency: number | null = null): void {
    const limits = { rateLimit: null, concurrency };
    for (let n = 0; n < count; n++) this.lanes.add({ tenant, endpointId, n: this.count++ }, limits, this.now);
  }

  /** Starts what may start; gives the endpoints. */
  start(): string[] {
    const started: string[] = [];
    for (let next = this.lanes.next(this.now); next; next = this.lanes.next(this.now)) {
      this.inFlight.push(next);
      started.push(next.item.endpointId);
    }
    return started;
  }

  /** Ends the oldest request to an endpoint. */
  end(endpointId: string, answer: LaneAnswer = FINE): void {
    const index = this.inFlight.findIndex(({ item }) => item.endpointId === endpointId);
    const [{ item, started }] = this.inFlight.splice(index, 1) as [InFlight];
    this.lanes.ended(item, answer, started, this.now);
  }
}

describe('Lanes', () => {
  it('start five requests to an endpoint that has not answered yet, in their order', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    lab.add('a', 20);
    expect(lab.start()).toHaveLength(5);
    expect(lab.inFlight.map(({ item }) => item.n)).toEqual([0, 1, 2, 3, 4]);
    lab.end('a');
    expect(lab.start()).toEqual(['a']);
    expect(lab.inFlight.at(-1)!.item.n).toBe(5);
  });

  it('never start more than the configured width', () => {
    const lab = new Lab({ total: 50, perLane: 2 });
    lab.add('a', 100);
    for (let n = 0; n < 90; n++) {
      lab.start();
      expect(lab.inFlight.length).toBeLessThanOrEqual(2);
      lab.end('a');
    }
  });

  it('respect the endpoint’s own concurrency, from its next delivery on', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    lab.add('a', 100, 'a', 2);
    for (let n = 0; n < 50; n++) {
      expect(lab.start()).toHaveLength(n === 0 ? 2 : 1);
      lab.end('a');
    }
    lab.add('a', 1, 'a', null);
    expect(lab.start().length).toBeGreaterThan(2);
    lab.add('a', 1, 'a', 1);
    while (lab.inFlight.length > 0) lab.end('a');
    expect(lab.start()).toHaveLength(1);
  });

  it('leave requests to other endpoints, however many of them hang', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    for (let dead = 0; dead < 10; dead++) lab.add(`a${dead}`, 20);
    lab.start();
    expect(lab.lanes.inFlight).toBeLessThan(45);
    lab.add('b', 1);
    expect(lab.start()).toEqual(['b']);
  });

  it('keep an eighth of the requests for a tenant that comes later', () => {
    const lab = new Lab({ total: 40, perLane: 40 });
    for (let n = 0; n < 100; n++) lab.add(`a${n}`);
    expect(lab.start()).toHaveLength(35);
    lab.add('b1', 1);
    expect(lab.start()).toEqual(['b1']);
    lab.add('c1', 1);
    expect(lab.start()).toEqual(['c1']);
  });

  it('keep no requests back in an app without tenants', () => {
    const lab = new Lab({ total: 40, perLane: 40 });
    for (let n = 0; n < 100; n++) lab.add(`a${n}`, 1, '');
    expect(lab.start()).toHaveLength(40);
  });

  it('give an answering endpoint up to half of the requests', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    lab.add('a', 5_000);
    for (let n = 0; n < 4_000; n++) {
      lab.start();
      lab.end('a');
    }
    lab.start();
    expect(lab.lanes.inFlight).toBe(25);
  });

  it('take turns between tenants, and between each tenant’s endpoints', () => {
    const lab = new Lab({ total: 1, perLane: 40 });
    for (let n = 0; n < 100; n++) lab.add(`a${n}`);
    lab.add('b1', 3);
    lab.add('c1', 1);
    const order: string[] = [];
    for (let n = 0; n < 7; n++) {
      order.push(...lab.start());
      lab.end(order.at(-1)!);
    }
    expect(order).toEqual(['a0', 'b1', 'c1', 'a1', 'b1', 'a2', 'b1']);
  });

  it('probe an unreachable endpoint with one request at a time, and resume at the first answer', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    lab.add('a', 5);
    lab.start();
    lab.end('a', NOBODY);
    expect(lab.lanes.isAway('a')).toBe(true);
    expect(lab.lanes.isOneFull(lab.now)).toBe(true);
    for (let n = 0; n < 4; n++) lab.end('a', NOBODY);
    expect(lab.lanes.room('a', lab.now)).toBe(0);
    lab.now += 20;
    expect(lab.lanes.room('a', lab.now)).toBe(1);
    lab.add('a', 2);
    expect(lab.start()).toEqual(['a']);
    expect(lab.lanes.room('a', lab.now)).toBe(0);
    lab.end('a');
    expect(lab.lanes.isAway('a')).toBe(false);
    expect(lab.start()).toEqual(['a']);
    expect(lab.lanes.room('a', lab.now)).toBeGreaterThan(5);
  });

  it('probe at intervals of a 60th of the time that it has been away, and without a pause if hurried', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    let probes = 0;
    const away = (ms: number): void => {
      for (const end = lab.now + ms; lab.now < end; lab.now += 10) {
        if (lab.lanes.room('a', lab.now) === 0) continue;
        probes++;
        lab.add('a');
        lab.start();
        lab.end('a', NOBODY);
      }
    };
    away(1_000);
    probes = 0;
    away(59_000);
    expect(probes).toBeGreaterThan(60);
    expect(probes).toBeLessThan(60 * Math.log(60) * 1.2);
    expect(lab.lanes.room('a', lab.now)).toBe(0);
    lab.lanes.hurried = true;
    expect(lab.lanes.room('a', lab.now)).toBe(1);
  });

  it('hold what an endpoint handles in a quarter of a second, and little for an unknown one', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    expect(lab.lanes.room('a', lab.now)).toBe(18);
    const after = (durationMs: number): number => {
      lab.add('a', 100);
      for (let n = 0; n < 100; n++) {
        lab.start();
        lab.end('a', { verdict: 'accepted', durationMs });
      }
      return lab.lanes.room('a', lab.now);
    };
    expect(after(1)).toBeGreaterThan(400);
    expect(after(5_000)).toBeLessThan(15);
  });

  it('ignore deliveries that were not sent', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    lab.add('a', 1);
    lab.start();
    lab.end('a', { verdict: 'ignored', durationMs: 0 });
    expect(lab.lanes.room('a', lab.now)).toBe(18);
    lab.add('a', 1);
    lab.start();
    lab.end('a', NOBODY);
    lab.now += 60_000;
    lab.add('a', 1);
    lab.start();
    lab.end('a', { verdict: 'ignored', durationMs: 0 });
    expect(lab.lanes.isAway('a')).toBe(true);
  });

  it('return waiting deliveries, of all endpoints or of one', () => {
    const lab = new Lab({ total: 2, perLane: 1 });
    lab.add('a', 3);
    lab.add('b', 3);
    lab.start();
    expect(lab.lanes.takeOut(({ n }) => n === 2).map(({ n }) => n)).toEqual([2]);
    expect(lab.lanes.takeOutLast('b', 1).map(({ n }) => n)).toEqual([5]);
    expect(lab.lanes.takeOut(() => true).map(({ n }) => n)).toEqual([1, 4]);
    lab.end('a');
    lab.end('b');
    expect(lab.start()).toEqual([]);
  });

  it('forget endpoints that were idle for a minute', () => {
    const lab = new Lab({ total: 50, perLane: 40 });
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 1_000; n++) {
        lab.add(`a${round}-${n}`);
        lab.start();
        lab.end(`a${round}-${n}`, NOBODY);
      }
      lab.now += 1_000_000;
    }
    // An endpoint that is away is full for a moment.
    expect(lab.lanes.size).toBeLessThanOrEqual(2_000);
  });
});
