import type { DeliveryRecord, LoadedDelivery } from '../domain/delivery.js';

const MOST_KEPT = 5_000;

/**
 * What became of deliveries whose rows could not be told: their leases end, and they are claimed again as if nothing had been
 * sent. Of the process that keeps it nobody gets a request twice, as long as there are no more than 5,000 of them.
 */
export class UnrecordedOutcomes {
  private readonly kept = new Map<string, DeliveryRecord>();

  /** Without the response, so that it takes little memory. */
  keep(record: DeliveryRecord): void {
    const { deliveryId, attempt } = record;
    if (!attempt) return;
    this.kept.delete(deliveryId);
    this.kept.set(deliveryId, {
      ...record,
      attempt: { ...attempt, responseHeaders: null, responseBody: null },
    });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT) this.kept.delete(oldest!);
  }

  forget(deliveryId: string): void {
    this.kept.delete(deliveryId);
  }

  /** The outcome that has still to be recorded of a delivery that was claimed again; under the lease that it has now. */
  of({ id, token, attemptCount }: LoadedDelivery): DeliveryRecord | undefined {
    const record = this.kept.get(id);
    if (!record) return undefined;
    if (record.attemptCount > attemptCount) return { ...record, token };
    // Its row has gone on since.
    this.forget(id);
    return undefined;
  }
}
