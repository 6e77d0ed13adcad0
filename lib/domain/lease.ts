import { newLeaseToken } from './id.js';

/** A hold on rows: whoever knows the token may record an outcome, until the lease ends and another claims the row. */
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

/** Of a token that nobody else has. @param now epoch ms */
export const newLease = (now: number, leaseMs: number): Lease => ({
  token: newLeaseToken(),
  expiresAt: now + leaseMs,
});

/** Whether a request that starts now may not be over, and recorded, when the lease ends. Times in epoch ms. */
export const isLateFor = (leaseExpiresAt: number, now: number, timeoutMs: number): boolean =>
  now >= leaseExpiresAt - timeoutMs;
