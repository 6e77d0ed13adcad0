import type { Lease } from './delivery.js';
import { newLeaseToken } from './id.js';

/** @param now epoch ms */
export const newLease = (now: number, leaseMs: number): Lease => ({
  token: newLeaseToken(),
  expiresAt: now + leaseMs,
});
