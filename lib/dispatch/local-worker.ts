import type { LoadedDelivery } from '../domain/delivery.js';

/** What this process can send by itself, as those see it who have deliveries for it. */
export interface LocalWorker {
  /** Whether it sends what this process emits. */
  readonly isStarted: boolean;
  /** Whether nothing at all is to be sent for now: what is due stays as it is. */
  readonly isPaused: boolean;
  /** Whether it can hold nothing more. */
  readonly isFull: boolean;
  /** How many more deliveries it should claim now: what would wait here for long is left to other workers. */
  room(): number;
  /** The same of one tenant. One that has little here does not wait until what the others have has started. */
  claimRoom(tenant: string): number;
  /** How many more deliveries of a tenant it can hold: it keeps as many of what it stores, since none need be claimed then. */
  ownRoom(tenant: string): number;
  /** How many more deliveries of an endpoint it should hold now, at the pace at which that takes them. */
  laneRoom(endpointId: string): number;
  /** Whether nobody answered there of late: it is only probed until somebody does. */
  isAway(endpointId: string): boolean;
  /** Whether there is an endpoint of which it should claim no more now. */
  readonly hasFullLane: boolean;
  /** The endpoints of which it keeps nothing more that it stores itself. */
  closedLanes(): string[];
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
