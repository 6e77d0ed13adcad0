/** `interrupted`: the request was cut, and the delivery is due again as if it had not been sent. */
export type CountedOutcome = 'succeeded' | 'retrying' | 'failed' | 'canceled' | 'interrupted';

/** Counts deliveries by their last outcome, so that a delivery with a later retry is counted once. */
export class OutcomeTally {
  succeeded = 0;
  failed = 0;
  canceled = 0;
  private readonly waiting = new Set<string>();

  get retrying(): number {
    return this.waiting.size;
  }

  add(deliveryId: string, outcome: CountedOutcome): void {
    if (outcome === 'retrying') {
      this.waiting.add(deliveryId);
      return;
    }
    this.waiting.delete(deliveryId);
    if (outcome !== 'interrupted') this[outcome]++;
  }
}
