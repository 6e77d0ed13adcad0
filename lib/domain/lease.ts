import { newLeaseToken } from './id.js';

/**
 * A hold on rows. Whoever knows the token may record an outcome, until the lease has ended and another process claims
 * the row.
 */
export interface Lease {
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Deliveries of one event that are held under one lease. */
export interface HeldEvent {
  readonly token: string;
  readonly eventId: string;
}

/** A lease with a token that nobody else has. @param now epoch ms */
export const newLease = (now: number, leaseMs: number): Lease => ({
  token: newLeaseToken(),
  expiresAt: now + leaseMs,
});

/** Whether a request that starts now may end too late to be recorded under the lease. Times in epoch ms. */
export const isLateFor = (leaseExpiresAt: number, now: number, timeoutMs: number): boolean =>
  now >= leaseExpiresAt - timeoutMs;
