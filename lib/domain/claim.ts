/** The up to `limit` deliveries that have been due for the longest at `now`. */
export interface Claim {
  readonly now: number;
  readonly limit: number;
}

/** Up to `limit` of an endpoint's deliveries that are due. */
export interface EndpointShare {
  readonly tenant: string;
  readonly endpointId: string;
  readonly limit: number;
}

/** Where a walk over the endpoints with pending deliveries begins, and how far it goes. */
export interface Walk {
  /** The first tenant. `''` is the first of all. */
  readonly fromTenant: string;
  readonly tenants: number;
  /** The first endpoint of some tenants; that of the others is the first of all. */
  readonly fromEndpoints: ReadonlyMap<string, string>;
  /** Of each tenant. */
  readonly endpoints: number;
}

/** An endpoint with pending deliveries. */
export interface VisitedEndpoint {
  readonly tenant: string;
  readonly endpointId: string;
  /** When the first of them is due, epoch ms. */
  readonly dueAt: number;
}
