import type { LoadedEndpoint } from './delivery.js';
import type { Lease } from './lease.js';

/** What the process that stores events keeps of their deliveries, to send them itself. */
export interface OwnShare {
  readonly lease: Lease;
  /** Deliveries of one call. */
  readonly most: number;
  /** Endpoints that it has no room for. */
  readonly except: readonly string[];
}

/** What a fan-out has stored of an event. */
export interface FannedOutEvent {
  /** Those under the lease of the caller's own share. */
  readonly own: readonly { readonly id: string; readonly endpointId: string }[];
  /** Whether there are others: they are due at once, for whoever claims them. */
  readonly hasMore: boolean;
}

/** The filter of an endpoint, as its JSON text. */
export interface EndpointFilter {
  readonly tenant: string;
  readonly endpointId: string;
  readonly filter: string;
}

/** What was stored of events and their deliveries. */
export interface FanOut {
  /** By the event's id. Events that an idempotency key kept out are missing. */
  readonly events: ReadonlyMap<string, FannedOutEvent>;
  /** Some of the own deliveries' endpoints as the fan-out has seen them, where it saves the database a look at them. */
  readonly endpoints: ReadonlyMap<string, LoadedEndpoint>;
  /** What is to be judged by first, where something was not stored: events are stored with all their deliveries, or not at all. */
  readonly unjudged?: readonly EndpointFilter[];
}
