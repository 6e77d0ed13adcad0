import type { LoadedDelivery } from '../persistence/sql/delivery-statements.js';

type Held = Pick<LoadedDelivery, 'id' | 'token' | 'body'>;

/** What a runner holds under which lease, from its load until it is recorded, and how much memory its bodies take. */
export class HeldDeliveries {
  private readonly keys = new Set<string>();
  /** For each load under way, what has been let go since it began: it may have been read before it was recorded. */
  private readonly loads = new Set<Set<string>>();
  characters = 0;

  /** Holds what `load` finds, and gives it, without what is or was here meanwhile: its queue entry came twice. */
  async add<Delivery extends Held>(load: () => Promise<Delivery[]>): Promise<Delivery[]> {
    const gone = new Set<string>();
    this.loads.add(gone);
    try {
      const found = await load();
      return found.filter((delivery) => !gone.has(keyOf(delivery)) && this.hold(delivery));
    } finally {
      this.loads.delete(gone);
    }
  }

  remove(delivery: Held): void {
    const key = keyOf(delivery);
    if (!this.keys.delete(key)) return;
    this.characters -= delivery.body.length;
    for (const gone of this.loads) gone.add(key);
  }

  private hold(delivery: Held): boolean {
    const key = keyOf(delivery);
    if (this.keys.has(key)) return false;
    this.keys.add(key);
    this.characters += delivery.body.length;
    return true;
  }
}

const keyOf = ({ id, token }: Held): string => `${id} ${token}`;
