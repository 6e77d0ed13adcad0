/** How much a worker holds at most. A delivery is held from its lease until its record. */
export interface CapacityLimits {
  readonly deliveries: number;
  /** The length of the bodies, in UTF-16 code units. One claim may exceed it: bodies are counted only once they are loaded. */
  readonly characters: number;
}

interface Held {
  readonly tenant: string;
  readonly body: string;
}

/**
 * How much more a worker can hold. This is the one check before a claim, and before an emit keeps deliveries for its
 * own process. A tenant may use at most as much as stays free, so there is always room for another one (the dynamic
 * threshold of Choudhury and Hahne, 1998, for buffers that many queues share).
 */
export class WorkerCapacity {
  private readonly byTenant = new Map<string, number>();
  private held = 0;
  private characters = 0;

  constructor(private readonly limits: CapacityLimits) {}

  get isEmpty(): boolean {
    return this.held === 0;
  }

  get size(): number {
    return this.held;
  }

  /** How many more deliveries it can hold: of one tenant, or of all. */
  room(tenant?: string): number {
    if (this.characters >= this.limits.characters) return 0;
    const free = Math.max(0, this.limits.deliveries - this.held);
    return tenant === undefined ? free : Math.max(0, free - this.heldOf(tenant));
  }

  heldOf(tenant: string): number {
    return this.byTenant.get(tenant) ?? 0;
  }

  hold({ tenant, body }: Held): void {
    this.held++;
    this.characters += body.length;
    this.byTenant.set(tenant, (this.byTenant.get(tenant) ?? 0) + 1);
  }

  release({ tenant, body }: Held): void {
    this.held--;
    this.characters -= body.length;
    const left = this.byTenant.get(tenant)! - 1;
    if (left === 0) this.byTenant.delete(tenant);
    else this.byTenant.set(tenant, left);
  }
}
