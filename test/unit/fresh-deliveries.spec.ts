import { describe, expect, it } from 'vitest';
import { FreshDeliveries } from '../../lib/persistence/fresh-deliveries.js';
import type { LoadedEndpoint } from '../../lib/persistence/sql/delivery-statements.js';
import { deliveryIdsOf, newId } from '../../lib/domain/id.js';

const ENDPOINT: LoadedEndpoint = {
  url: 'https://example.com/',
  headers: {},
  secrets: '[]',
  active: true,
  rateLimit: null,
  failingSince: null,
};
const LEASE = { token: 'token', expiresAt: 1_700_000_030_000 };

function stored(seenAgoMs: number): { fresh: FreshDeliveries; ids: string[] } {
  const fresh = new FreshDeliveries();
  const id = newId('evt', 1_700_000_000_000);
  const event = {
    id,
    tenant: 'acme',
    type: 'a.b',
    body: '{}',
    idempotencyKey: null,
    createdAt: 1_700_000_000_000,
  };
  const endpoints = new Map([['ep_1', ENDPOINT]]);
  fresh.add(event, LEASE, ['ep_1', 'ep_2'], { endpoints, at: performance.now() - seenAgoMs });
  return { fresh, ids: deliveryIdsOf(id, 2) };
}

describe('Deliveries that this process has stored', () => {
  it('have the endpoints that the fan-out has seen, and no others', () => {
    const { fresh, ids } = stored(0);
    const { fresh: taken } = fresh.take({ token: 'token', deliveryIds: ids });
    expect(taken.map(({ endpointId, endpoint }) => [endpointId, endpoint])).toEqual([
      ['ep_1', ENDPOINT],
      ['ep_2', null],
    ]);
  });

  it('have none once that is a moment ago: they may have changed', () => {
    const { fresh, ids } = stored(150);
    const { fresh: taken } = fresh.take({ token: 'token', deliveryIds: ids });
    expect(taken.map(({ endpoint }) => endpoint)).toEqual([null, null]);
  });

  it('are given out once, and under their lease alone', () => {
    const { fresh, ids } = stored(0);
    expect(fresh.take({ token: 'another', deliveryIds: ids })).toEqual({ fresh: [], others: ids });
    expect(fresh.take({ token: 'token', deliveryIds: ids }).fresh).toHaveLength(2);
    expect(fresh.take({ token: 'token', deliveryIds: ids })).toEqual({ fresh: [], others: ids });
  });
});
