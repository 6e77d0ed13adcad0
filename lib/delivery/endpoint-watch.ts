import type { LoadedDelivery, LoadedEndpoint } from '../persistence/sql/delivery-statements.js';

type Endpoints = ReadonlyMap<string, LoadedEndpoint>;

/** The endpoints of what waits for its turn, as they are by now: those that were loaded with it may be seconds old. */
export class EndpointWatch {
  /** `null`: deleted. */
  private current = new Map<string, LoadedEndpoint | null>();
  private currentSince = -Infinity;
  private looking = false;

  constructor(private readonly load: (ids: readonly string[]) => Promise<Endpoints>) {}

  /** Looks at these, and forgets all others. Never rejects. */
  async look(ids: readonly string[]): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const since = performance.now();
    try {
      const found: Endpoints = ids.length > 0 ? await this.load(ids) : new Map();
      this.current = new Map(ids.map((id) => [id, found.get(id) ?? null]));
      this.currentSince = since;
    } catch {
      // What was loaded with each delivery has to do while the database is away.
      this.current = new Map();
    }
    this.looking = false;
  }

  /** Gives the delivery its endpoint as it was last seen, if that was after its load. */
  refresh(delivery: LoadedDelivery): void {
    const endpoint = this.current.get(delivery.endpointId);
    if (endpoint !== undefined && this.currentSince > delivery.endpointSeenAt) delivery.endpoint = endpoint;
  }
}
