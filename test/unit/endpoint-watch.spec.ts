import { describe, expect, it } from 'vitest';
import { EndpointWatch } from '../../lib/delivery/endpoint-watch.js';
import type { LoadedDelivery, LoadedEndpoint } from '../../lib/persistence/sql/delivery-statements.js';

const endpoint = (active: boolean): LoadedEndpoint => ({
  url: 'https://example.com/',
  headers: {},
  secrets: '[]',
  active,
  rateLimit: null,
  failingSince: null,
});

const loadedAt = (endpointSeenAt: number): LoadedDelivery =>
  ({ endpointId: 'ep_1', endpoint: endpoint(true), endpointSeenAt }) as LoadedDelivery;

describe('The endpoints of deliveries that wait', () => {
  it('replace what was loaded before they were looked at, and nothing that was loaded since', async () => {
    let answer = (): void => undefined;
    const watch = new EndpointWatch(
      (ids) =>
        new Promise((resolve) => (answer = () => resolve(new Map(ids.map((id) => [id, endpoint(false)]))))),
    );
    const before = loadedAt(performance.now() - 1);
    const looked = watch.look(['ep_1']);
    const since = loadedAt(performance.now());
    answer();
    await looked;
    watch.refresh(before);
    watch.refresh(since);
    expect(before.endpoint?.active).toBe(false);
    expect(since.endpoint?.active).toBe(true);
  });

  it('are those that were loaded where they can’t be looked at', async () => {
    const watch = new EndpointWatch(() => Promise.reject(new Error('The database is away.')));
    await watch.look(['ep_1']);
    const delivery = loadedAt(0);
    watch.refresh(delivery);
    expect(delivery.endpoint?.active).toBe(true);
  });
});
