import { describe, expect, it } from 'vitest';
import type { VisitedEndpoint, Walk } from '../../lib/domain/claim.js';
import { EndpointWalk } from '../../lib/dispatch/endpoint-walk.js';

const NOW = 1_000;

/** What the database answers, of endpoints that each have `due` deliveries. */
class Rows {
  looks = 0;
  readonly due = new Map<string, { tenant: string; due: number }>();

  add(tenant: string, endpointId: string, due: number): void {
    this.due.set(`${tenant}-${endpointId}`, { tenant, due });
  }

  async walkEndpoints({ fromTenant, tenants, fromEndpoints, endpoints }: Walk): Promise<VisitedEndpoint[]> {
    this.looks++;
    const all = [...this.due].filter(([, { due }]) => due !== 0).sort();
    const names = [...new Set(all.map(([, { tenant }]) => tenant))].sort();
    return names
      .filter((name) => name >= fromTenant)
      .slice(0, tenants)
      .flatMap((name) =>
        all
          .filter(([id, { tenant }]) => tenant === name && id >= (fromEndpoints.get(name) ?? ''))
          .slice(0, endpoints)
          .map(([endpointId, { due }]) => ({ tenant: name, endpointId, dueAt: due > 0 ? NOW : NOW + 1 })),
      );
  }
}

const worker = (rooms: { lane?: number; tenant?: number } = {}) => ({
  laneRoom: () => rooms.lane ?? 20,
  claimRoom: () => rooms.tenant ?? 2_000,
});

/** Claims until each of `wanted` had a share; gives how many claims that took. */
async function claimsUntil(
  rows: Rows,
  wanted: string,
  rooms?: Parameters<typeof worker>[0],
): Promise<number> {
  const walk = new EndpointWalk(rows, worker(rooms));
  for (let claims = 1; claims < 1_000; claims++) {
    const { shares } = await walk.next(NOW, 200);
    expect(shares.reduce((sum, { limit }) => sum + limit, 0)).toBeLessThanOrEqual(200);
    if (shares.some(({ endpointId }) => endpointId === wanted)) return claims;
    for (const { endpointId, limit } of shares) {
      const row = rows.due.get(endpointId)!;
      row.due = Math.max(0, row.due - limit);
    }
  }
  return Infinity;
}

describe('A walk over the endpoints with something due', () => {
  it('claims for one endpoint as much as its lane has room for', async () => {
    const rows = new Rows();
    rows.add('a', '1', 20_000);
    const { shares } = await new EndpointWalk(rows, worker({ lane: 150 })).next(NOW, 200);
    expect(shares).toEqual([{ tenant: 'a', endpointId: 'a-1', limit: 150 }]);
  });

  it.each([1, 100, 10_000])(
    'claims for another tenant’s endpoint at first, beside %d endpoints',
    async (count) => {
      const rows = new Rows();
      for (let n = 0; n < count; n++) rows.add('a', String(n).padStart(5, '0'), 20_000);
      rows.add('b', 'x', 1);
      expect(await claimsUntil(rows, 'b-x')).toBe(1);
    },
  );

  it('reaches each of 500 tenants within the fewest possible claims', async () => {
    const rows = new Rows();
    for (let n = 0; n < 500; n++) rows.add(`t${String(n).padStart(3, '0')}`, 'x', 1_000);
    for (const n of ['000', '250', '499']) expect(await claimsUntil(rows, `t${n}-x`)).toBeLessThanOrEqual(11);
  });

  it('reaches every endpoint of a tenant with 10,000', async () => {
    const rows = new Rows();
    for (let n = 0; n < 10_000; n++) rows.add('a', String(n).padStart(5, '0'), 1);
    expect(await claimsUntil(rows, 'a-09999')).toBeLessThanOrEqual(51);
  });

  it('skips what is not due yet, and ends after the last endpoint', async () => {
    const rows = new Rows();
    for (let n = 0; n < 1_000; n++) rows.add('a', String(n).padStart(5, '0'), -1);
    rows.add('a', '99999', 1);
    expect(await claimsUntil(rows, 'a-99999')).toBe(1);
    const walk = new EndpointWalk(rows, worker());
    rows.due.delete('a-99999');
    rows.looks = 0;
    expect(await walk.next(NOW, 200)).toEqual({ shares: [], withoutRoom: [] });
    expect(rows.looks).toBeLessThanOrEqual(4);
  });

  it('reports endpoints without room in their lanes, and whether their tenant is the cause', async () => {
    const rows = new Rows();
    rows.add('a', '1', 5);
    expect(await new EndpointWalk(rows, worker({ lane: 0 })).next(NOW, 200)).toEqual({
      shares: [],
      withoutRoom: ['a-1'],
    });
    expect(await new EndpointWalk(rows, worker({ tenant: 0 })).next(NOW, 200)).toEqual({
      shares: [],
      withoutRoom: null,
    });
  });
});
