import type { LoadedDelivery } from '../domain/delivery.js';

/** What this process can send by itself, as those see it who have deliveries for it. */
export interface LocalWorker {
  /** Whether it sends what this process emits. */
  readonly isStarted: boolean;
  /** How many more deliveries it can hold now: of one tenant, where that is given. */
  room(tenant?: string): number;
  /** How many more deliveries of an endpoint it should hold now, at the pace at which that takes them. */
  laneRoom(endpointId: string): number;
  /** Whether nobody answered there of late: it is only probed until somebody does. */
  isAway(endpointId: string): boolean;
  /** The endpoints of which it should hold no more now. */
  fullLanes(): string[];
  /**
   * Takes leased deliveries and sends them, each in its turn. What turns out to have no place goes back to its row.
   * @param seenAt when the state of their endpoints was read, by `performance.now()`
   */
  run(deliveries: readonly LoadedDelivery[], seenAt: number): void;
  /** The same of deliveries that are still being loaded. Never rejects. */
  runLoaded(loading: Promise<readonly LoadedDelivery[]>, seenAt: number): Promise<void>;
  /** Calls `listener` once, as soon as there is room for one of these endpoints; with `null`, for anything. */
  whenRoom(endpointIds: readonly string[] | null, listener: () => void): void;
}
