import type { DeliveryRecord, LoadedDelivery } from '../domain/delivery.js';

const MOST_KEPT = 5_000;

/**
 * Outcomes that could not be written to their rows. Their leases end, and the deliveries are claimed again as if
 * nothing had been sent. This memory keeps the process from sending them twice, for up to 5,000 of them.
 */
export class UnrecordedOutcomes {
  private readonly kept = new Map<string, DeliveryRecord>();

  /** Without the response, to save memory. */
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

  /** The outcome that still has to be recorded for a delivery that was claimed again, under its new lease. */
  of({ id, token, attemptCount }: LoadedDelivery): DeliveryRecord | undefined {
    const record = this.kept.get(id);
    if (!record) return undefined;
    if (record.attemptCount > attemptCount) return { ...record, token };
    // Its row has changed since.
    this.forget(id);
    return undefined;
  }
}
