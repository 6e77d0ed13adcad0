/** How many rows one statement claims, loads or writes: more would not make it cheaper for each. */
export const ROWS_AT_ONCE = 200;

/** Asks for up to `limit` deliveries: those that have been due for the longest at `now`. */
export interface Claim {
  readonly now: number;
  readonly limit: number;
}

/** Asks for up to `limit` due deliveries of one endpoint. */
export interface EndpointShare {
  readonly tenant: string;
  readonly endpointId: string;
  readonly limit: number;
}

/** Where a walk over the endpoints with pending deliveries begins, and how far it goes. */
export interface Walk {
  /** The first tenant, in alphabetical order. `''` is the first of all. */
  readonly fromTenant: string;
  readonly tenants: number;
  /** The first endpoint of each tenant. A tenant that is missing here begins with its first. */
  readonly fromEndpoints: ReadonlyMap<string, string>;
  /** How many endpoints of each tenant. */
  readonly endpoints: number;
}

/** An endpoint with pending deliveries. */
export interface VisitedEndpoint {
  readonly tenant: string;
  readonly endpointId: string;
  /** When the first of them is due, epoch ms. */
  readonly dueAt: number;
}
