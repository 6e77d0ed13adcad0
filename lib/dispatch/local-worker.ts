import type { LoadedDelivery } from '../domain/delivery.js';

/** The worker of this process, as dispatch sees it. */
export interface LocalWorker {
  /** Whether this process sends what it emits. */
  readonly isStarted: boolean;
  /** Whether everything is paused: due deliveries stay in their rows. */
  readonly isPaused: boolean;
  /** Whether it can't hold another delivery. */
  readonly isFull: boolean;
  /** How many more deliveries it should claim now. It leaves to other workers what would wait here for long. */
  room(): number;
  /**
   * How many more deliveries of this tenant it should claim now. A tenant with few deliveries here need not wait until
   * others have started theirs.
   */
  claimRoom(tenant: string): number;
  /**
   * How many more deliveries of this tenant it can hold. It keeps as many of those that it stores, since they need not
   * be claimed.
   */
  ownRoom(tenant: string): number;
  /** How many more deliveries of this endpoint it should hold now, at the endpoint's pace. */
  laneRoom(endpointId: string): number;
  /** Whether the endpoint did not answer lately, so that it is only probed. */
  isAway(endpointId: string): boolean;
  /** Whether any endpoint's lane is so full that no more should be claimed for it. */
  readonly hasFullLane: boolean;
  /** Endpoints whose deliveries it does not keep when it stores them. */
  closedLanes(): string[];
  /**
   * Takes leased deliveries and sends each in its turn. Deliveries without a place go back to their rows.
   * @param seenAt when the state of their endpoints was read, by `performance.now()`
   */
  run(deliveries: readonly LoadedDelivery[], seenAt: number): void;
  /** The same for deliveries that are still being loaded. Never rejects. */
  runLoaded(loading: Promise<readonly LoadedDelivery[]>, seenAt: number): Promise<void>;
  /** Calls `listener` once, when there is room for one of these endpoints; with `null`, for any delivery. */
  whenRoom(endpointIds: readonly string[] | null, listener: () => void): void;
}
