import type { LoadedEndpoint } from './delivery.js';
import type { Lease } from './lease.js';

/** The deliveries that the storing process keeps, to send them itself. */
export interface OwnShare {
  readonly lease: Lease;
  /** How many deliveries of one call, at most. */
  readonly most: number;
  /** Endpoints whose deliveries it has no room for. */
  readonly except: readonly string[];
}

/** What a fan-out has stored of an event. */
export interface FannedOutEvent {
  /** The deliveries that are leased to the caller. */
  readonly own: readonly { readonly id: string; readonly endpointId: string }[];
  /** Whether there are other deliveries. They are due at once, for any worker. */
  readonly hasMore: boolean;
}

/** The filter of an endpoint, as its JSON text, with the endpoint's version in front. */
export interface EndpointFilter {
  readonly tenant: string;
  readonly endpointId: string;
  readonly filter: string;
}

/** The result of storing events with their deliveries. */
export interface FanOut {
  /** By event id. Without the events that an idempotency key kept out. */
  readonly events: ReadonlyMap<string, FannedOutEvent>;
  /** Endpoints of the caller's deliveries, as far as the fan-out has read them. They save a look at the database. */
  readonly endpoints: ReadonlyMap<string, LoadedEndpoint>;
  /**
   * If nothing was stored: the filters that must be tried first. Events are stored with all their deliveries or not at
   * all.
   */
  readonly unjudged?: readonly EndpointFilter[];
}
