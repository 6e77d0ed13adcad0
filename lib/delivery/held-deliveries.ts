import type { LoadedDelivery } from '../persistence/sql/delivery-statements.js';

type Held = Pick<LoadedDelivery, 'id' | 'token' | 'body'>;

/** What a runner holds under which lease, from its load until it is recorded, and how much memory its bodies take. */
export class HeldDeliveries {
  private readonly keys = new Set<string>();
  characters = 0;

  /** False for what is here already: its queue entry came twice. */
  add(delivery: Held): boolean {
    const key = keyOf(delivery);
    if (this.keys.has(key)) return false;
    this.keys.add(key);
    this.characters += delivery.body.length;
    return true;
  }

  remove(delivery: Held): void {
    if (this.keys.delete(keyOf(delivery))) this.characters -= delivery.body.length;
  }
}

const keyOf = ({ id, token }: Held): string => `${id} ${token}`;
