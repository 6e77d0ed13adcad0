import { ROWS_AT_ONCE, type EndpointShare, type VisitedEndpoint } from '../domain/claim.js';
import type { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import type { LocalWorker } from './local-worker.js';

/**
 * Endpoints of one look: each costs the database about 20 µs. More than half of them rarely have full lanes, so twice a
 * claim is enough.
 */
const ENDPOINTS = 2 * ROWS_AT_ONCE;
const FEWEST_OF_A_TENANT = 8;
const TENANTS = ENDPOINTS / FEWEST_OF_A_TENANT;
/** After so many looks without a result, the rest is left to the next round. */
const MOST_LOOKS = 10;

export interface Shares {
  readonly shares: readonly EndpointShare[];
  /** Endpoints with due deliveries but no room in their lanes. `null`: some tenant has no room at all. */
  readonly withoutRoom: readonly string[] | null;
}

/**
 * Shares the worker's room between the endpoints with due deliveries: tenants take turns, and so do the endpoints of
 * each tenant. However much an endpoint has due, it gets no more than its turn. If one look does not reach all of them,
 * the next one continues where it ended.
 */
export class EndpointWalk {
  private fromTenant = '';
  private readonly fromEndpoints = new Map<string, string>();
  private endpointsPerTenant = ENDPOINTS;

  constructor(
    private readonly deliveries: Pick<WebhookDeliveryRepository, 'walkEndpoints'>,
    private readonly worker: Pick<LocalWorker, 'claimRoom' | 'laneRoom'>,
  ) {}

  /** @param now epoch ms @param limit how many deliveries all shares have together */
  async next(now: number, limit: number): Promise<Shares> {
    const withoutRoom: string[] = [];
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const tenants = await this.look(looks === 0 ? 2 * limit : ENDPOINTS);
      const due = [...tenants.values()].map((endpoints) => endpoints.filter(({ dueAt }) => dueAt <= now));
      const turns = interleaved(due);
      const open: VisitedEndpoint[] = [];
      for (const turn of turns) {
        if (this.worker.laneRoom(turn.endpointId) > 0) open.push(turn);
        else withoutRoom.push(turn.endpointId);
      }
      const shares = this.shareOut(open, limit);
      if (shares.length > 0) return { shares, withoutRoom };
      if (open.length > 0) return { shares, withoutRoom: null };
      if (this.isBackAtStart) break;
    }
    return { shares: [], withoutRoom };
  }

  private get isBackAtStart(): boolean {
    return this.fromTenant === '' && this.fromEndpoints.size === 0;
  }

  /** @param most endpoints per tenant */
  private async look(most: number): Promise<Map<string, VisitedEndpoint[]>> {
    const { fromTenant, fromEndpoints } = this;
    const endpointsPerTenant = Math.min(most, this.endpointsPerTenant);
    const visited = await this.deliveries.walkEndpoints({
      fromTenant,
      fromEndpoints,
      tenants: TENANTS,
      endpoints: endpointsPerTenant,
    });
    const tenants = byTenant(visited);
    const names = [...tenants.keys()];
    this.fromTenant = names.length < TENANTS ? '' : names.at(-1)!;
    for (const [tenant, endpoints] of tenants) {
      if (endpoints.length < endpointsPerTenant) fromEndpoints.delete(tenant);
      else fromEndpoints.set(tenant, endpoints.at(-1)!.endpointId);
    }
    // A tenant without further due deliveries was not visited.
    if (fromTenant === '' && this.fromTenant === '') {
      for (const tenant of fromEndpoints.keys()) if (!tenants.has(tenant)) fromEndpoints.delete(tenant);
    }
    this.endpointsPerTenant = perTenant([...tenants.values()], endpointsPerTenant);
    return tenants;
  }

  /**
   * Shares in rounds. We don't know how much each endpoint has due, so everybody gets a little before anybody gets
   * more.
   */
  private shareOut(turns: readonly VisitedEndpoint[], limit: number): EndpointShare[] {
    const shares = new Map(
      turns.map(({ tenant, endpointId }) => [endpointId, { tenant, endpointId, limit: 0 }]),
    );
    const roomOf = new Map(turns.map(({ tenant }) => [tenant, this.worker.claimRoom(tenant)]));
    let left = limit;
    let given = 1;
    for (let most = 1; left > 0 && given > 0; most *= 4) {
      given = 0;
      for (const share of shares.values()) {
        const room = Math.min(
          left,
          roomOf.get(share.tenant)!,
          this.worker.laneRoom(share.endpointId) - share.limit,
        );
        const more = Math.max(0, Math.min(most, room));
        share.limit += more;
        roomOf.set(share.tenant, roomOf.get(share.tenant)! - more);
        left -= more;
        given += more;
      }
    }
    return [...shares.values()].filter((share) => share.limit > 0);
  }
}

/**
 * How many endpoints each large tenant may have, once the small ones have theirs. @param before the result of the look before
 */
function perTenant(tenants: readonly (readonly unknown[])[], before: number): number {
  const few = tenants.filter((endpoints) => endpoints.length < before);
  const many = tenants.length - few.length;
  const left = ENDPOINTS - few.reduce((sum, endpoints) => sum + endpoints.length, 0);
  return Math.max(FEWEST_OF_A_TENANT, Math.floor(left / Math.max(1, many)));
}

function byTenant(visited: readonly VisitedEndpoint[]): Map<string, VisitedEndpoint[]> {
  const tenants = new Map<string, VisitedEndpoint[]>();
  for (const endpoint of visited) {
    const endpoints = tenants.get(endpoint.tenant);
    if (endpoints) endpoints.push(endpoint);
    else tenants.set(endpoint.tenant, [endpoint]);
  }
  return tenants;
}

/** The first of each list, then the second of each, and so on. */
function interleaved<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
}
